package dev.supervisor.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.failure.Problem.Cause;
import dev.supervisor.failure.Problem.Frame;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FailurePageTest {

    private static final String HOSTILE = "</title><script>alert('1' + \"2\" & 100%s)</script>";
    private static final String ESCAPED =
            "&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39; + &quot;2&quot; &amp; 100%s)&lt;/script&gt;";

    private static int countOf(String part, String text) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    @Test
    void hostileTextIsEscapedEverywhere() {
        Problem problem = new Problem(
                HOSTILE, List.of(new Cause(HOSTILE, List.of(new Frame(HOSTILE, true), new Frame(HOSTILE, false)))));
        String page = FailurePage.html(problem, true);
        assertEquals(5, countOf(ESCAPED, page), "title, heading, cause and two frames");
        assertFalse(page.contains("<script"));
        assertFalse(page.contains("alert('"));
    }

    @Test
    void theFramesOfTheApplicationStandOut() {
        Problem problem = new Problem(
                "no", List.of(new Cause("e", List.of(new Frame("mine", true), new Frame("theirs", false)))));
        String page = FailurePage.html(problem, true);
        assertTrue(page.contains("<b>at mine</b>"));
        assertTrue(page.contains("<span>at theirs</span>"));
    }

    @Test
    void aProblemWithoutAStackHasNone() {
        assertFalse(FailurePage.html(new Problem("no", List.of(new Cause("e", List.of()))), true)
                .contains("<pre>"));
    }

    @Test
    void strangersSeeThatThereIsAnUpdateAndNothingElse() {
        Problem problem = new Problem("secret", List.of(new Cause("secret", List.of(new Frame("secret", true)))));
        assertFalse(FailurePage.html(problem, false).contains("secret"));
        assertFalse(FailurePage.text(problem, false).contains("secret"));
        assertEquals(problem.details(), FailurePage.text(problem, true));
    }
}
