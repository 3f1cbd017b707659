package dev.supervisor.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Problem;
import dev.supervisor.Problem.Cause;
import dev.supervisor.Problem.Frame;
import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FailurePageTest {

    private static final String HOSTILE = "</title><script>alert('1' + \"2\" & 100%s)</script>";
    private static final String ESCAPED =
            "&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39; + &quot;2&quot; &amp; 100%s)&lt;/script&gt;";

    private static String html(Problem problem) {
        return FailurePage.listening(new Failure(problem, Optional.empty()), Optional.of("token"), true);
    }

    private static Place place(String file, int column, String text) {
        return new Place(file, Path.of("/src/A.java"), 7, column, "message", List.of(new Line(7, text, true)));
    }

    private static Problem with(Place... places) {
        return new Problem("no", List.of(places), List.of(), List.of());
    }

    private static int countOf(String part, String text) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    private static void assertContains(String text, String part) {
        assertTrue(text.contains(part), () -> "no " + part + " in " + text);
    }

    @Test
    void theLastTestsAreShownInEachFormatAndEscaped() {
        Failure failure = new Failure(Problem.of("no"), Optional.empty(), Optional.of("1 test failed: " + HOSTILE));
        String page = FailurePage.silent(failure, false);
        assertContains(page, "1 test failed: " + ESCAPED);
        assertFalse(page.contains("alert('"));
        assertContains(PlainText.of(failure), "\nthe last tests: 1 test failed: " + HOSTILE + "\n");
        assertContains(ProblemJson.of(failure, 503, "no"), "\"tests\": \"1 test failed: ");
        assertFalse(FailurePage.silent(new Failure(Problem.of("no"), Optional.empty()), false)
                .contains("tests"));
    }

    @Test
    void hostileTextIsEscapedEverywhere() {
        List<Line> excerpt = List.of(new Line(1, HOSTILE, false), new Line(2, HOSTILE, true));
        Place place = new Place(HOSTILE, Path.of("/A.java"), 2, 0, HOSTILE, excerpt);
        Frame own = new Frame(HOSTILE, true);
        Cause cause = new Cause(HOSTILE + ", too", List.of(own, new Frame(HOSTILE, false)));
        Problem problem =
                new Problem(HOSTILE, List.of(place), List.of(cause), List.of(HOSTILE)).located(Map.of(own, place));
        String page = html(problem);
        assertEquals(
                2 + 4 + 1 + 1 + 4 + 2 + 1,
                countOf(ESCAPED, page),
                "title and heading, which are the message; a place, its source's label included; a cause, its own frame,"
                        + " the place of that likewise, the stack; the output");
        assertEquals(1, countOf("<script", page), "our own");
        assertFalse(page.contains("alert('"));
    }

    @Test
    void theWholeTokenIsMarked() {
        assertContains(html(with(place("A.java", 5, "int \tx;"))), "<i>   7</i><code>int <mark>\t</mark>x;</code></b>");
        assertContains(html(with(place("A.java", 6, "int x"))), "int x<mark> </mark></code></b>");
        assertContains(html(with(place("A.java", 1, "😀<"))), "<mark>😀</mark>&lt;</code></b>");
        assertContains(html(with(place("A.java", 5, "int port = 1;"))), "int <mark>port</mark> = 1;");
        assertContains(html(with(place("A.java", 7, "int port = 1;"))), "int <mark>port</mark> = 1;");
        assertContains(html(with(place("A.java", 9, "int i = \"a\\\" b\";"))), "<mark>&quot;a\\&quot; b&quot;</mark>;");
        assertContains(html(with(place("A.java", 5, "i = 'c;"))), "i = <mark>&#39;c;</mark></code>");
        assertContains(html(with(place("A.java", 2, "a.über(x)"))), "a<mark>.über</mark>(x)");
        assertContains(html(with(place("A.java", 3, "a >>= 1.5e3f;"))), "a <mark>&gt;&gt;=</mark> 1.5e3f;");
        assertContains(html(with(place("A.java", 7, "a >>= 1.5e3f;"))), "<mark>1.5e3f</mark>;");
        for (int column : new int[] {0, 7, -1, Integer.MAX_VALUE}) {
            String page = html(with(place("A.java", column, "int x")));
            assertContains(page, "<i>   7</i><code>int x</code></b>");
            assertFalse(page.contains("<mark>"));
        }
        assertContains(html(with(place("A.java", 1, ""))), "<mark> </mark>");
    }

    @Test
    void errorsOfOneLineShareItsSource() {
        String line = "foo(bar, baz);";
        Place other = new Place("B.java", Path.of("/src/B.java"), 7, 1, "elsewhere", List.of(new Line(7, line, true)));
        String page = html(with(place("A.java", 10, line), other, place("A.java", 5, line), place("A.java", 6, line)));
        assertEquals(2, countOf("<section>", page));
        assertContains(page, "foo(<mark>bar</mark>, <mark>baz</mark>);");
        assertContains(page, "data-place=\"2\">A.java:7:5</button>");
        assertContains(page, "data-place=\"0\">A.java:7:10</button>");
    }

    @Test
    void thePageLeadsWithTheErrorItself() {
        Place place = new Place("A.java", Path.of("/src/A.java"), 7, 1, "cannot find symbol\n  symbol: x", List.of());
        String page = html(new Problem("'make' failed with exit code 2", List.of(place), List.of(), List.of()));
        assertContains(page, "<title>503 cannot find symbol</title>");
        assertContains(
                page, "<h1>cannot find symbol</h1>\n<p class=\"summary\">&#39;make&#39; failed with exit code 2</p>");
        assertContains(page, "<h2 class=\"message\">symbol: x</h2>");
        assertEquals(2, countOf("cannot find symbol", page));
    }

    @Test
    void aPageForAnybodyAsksAgainOnlyForWhatWasAGet() {
        String page = FailurePage.silent(Failure.UNDISCLOSED, true);
        assertContains(page, "<noscript><meta http-equiv=\"refresh\"");
        assertContains(page, "<script>");
        assertFalse(page.contains("/.supervisor/"), page);
        String posted = FailurePage.silent(Failure.UNDISCLOSED, false);
        assertFalse(posted.contains("http-equiv=\"refresh\"") || posted.contains("<script"), posted);
    }

    @Test
    void placesAreLinksOnlyWhereThereIsAnEditorAndTheFileWasThere() {
        Place gone = new Place("B.java", Path.of("/src/B.java"), 8, 0, "", List.of());
        Failure failure = new Failure(with(place("A.java", 3, "int x"), gone), Optional.empty());
        String page = FailurePage.listening(failure, Optional.of("token"), true);
        assertContains(page, "data-place=\"0\">A.java:7:3</button>");
        assertContains(page, "<code>B.java:8</code>");
        assertFalse(FailurePage.silent(failure, true).contains("<button"));
    }

    @Test
    void theFramesOfTheApplicationComeFirstWithTheirSourceAndTheRestIsFolded() {
        Frame own = new Frame("mine", true);
        Problem problem = new Problem("no", List.of(new Cause("e", List.of(new Frame("theirs", false), own))))
                .located(Map.of(own, place("A.java", 0, "broken();")));
        String page = html(problem);
        int mine = page.indexOf("<b>at mine</b>");
        int source = page.indexOf("broken();");
        int folded = page.indexOf("<details>");
        int theirs = page.indexOf("<span>at theirs</span>");
        assertTrue(0 < mine && mine < source && source < folded && folded < theirs, page);
        assertContains(page, "data-place=\"0\">A.java:7</button>");
        assertContains(page.substring(theirs), "<b>at mine</b>");
    }

    @Test
    void aStackWithoutFramesOfTheApplicationIsUnfolded() {
        String page = html(new Problem("no", List.of(new Cause("e", List.of(new Frame("theirs", false))))));
        assertContains(page, "<details open>");
    }

    @Test
    void theOutputIsFoldedUnlessItIsAllThereIs() {
        List<String> output = List.of("first", "second");
        assertContains(html(new Problem("no", List.of(), List.of(), output)), "<details open>");
        String page = html(new Problem("no", List.of(place("A.java", 1, "x")), List.of(), output));
        assertContains(
                page,
                "<details><summary>The whole output of the build</summary>\n"
                        + "<pre class=\"output\" tabindex=\"0\" role=\"group\""
                        + " aria-label=\"The whole output of the build\">first\n"
                        + "second\n"
                        + "</pre>");
    }

    @Test
    void aProblemWithoutAStackHasNone() {
        assertFalse(html(new Problem("no", List.of(new Cause("e", List.of())))).contains("<pre"));
    }

    @Test
    void theLastGoodBuildIsToldOfIfThereIsOne() {
        Problem problem = Problem.of("no");
        assertFalse(html(problem).contains("The last good build"));
        Failure failure = new Failure(problem, Optional.of(Instant.now().minusSeconds(125)));
        assertContains(FailurePage.silent(failure, true), "<p>The last good build is 2 min old");
        assertContains(PlainText.of(failure), "\n\nThe last good build is 2 min old");
    }
}
