package dev.supervisor.failure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.supervisor.Problem;
import dev.supervisor.Problem.Cause;
import dev.supervisor.Problem.Frame;
import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import dev.supervisor.web.RequestHeads;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FailureHandlerTest {

    private static final String SECRET = "Broken.java:42";
    private static final String TRUSTED = "Host: localhost:8888";
    private static final String OF_THE_PAGE = "Origin: http://localhost:8888";

    private static final Problem PROBLEM = new Problem(
            "the build failed",
            List.of(place("A.java", 3), new Place("Gone.java", Path.of("/src/Gone.java"), 1, 0, "no", List.of())),
            List.of(new Cause("java.lang.Error: no", List.of(new Frame(SECRET, true)))),
            List.of("[ERROR] A.java"));

    private final List<Place> opened = new ArrayList<>();
    private Failure failure = new Failure(PROBLEM, Optional.empty());
    private Editor editor = opened::add;

    private FailureDetails details = new FailureDetails(true, Optional.of(place -> editor.open(place)));
    private FailureHandler.Shared shared = new FailureHandler.Shared(() -> failure, details);
    private EmbeddedChannel channel = connection(true);

    private static Place place(String name, int line) {
        return new Place(
                "src/" + name,
                Path.of("/src/" + name),
                line,
                2,
                "';' expected",
                List.of(new Line(line, "int x", true)));
    }

    private EmbeddedChannel connection(boolean loopback) {
        return new EmbeddedChannel(RequestHeads.codec(), new FailureHandler(shared, loopback));
    }

    private void use(EmbeddedChannel other) {
        channel.finishAndReleaseAll();
        channel = other;
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private String answerTo(String request) {
        channel.writeInbound(Unpooled.copiedBuffer(request, UTF_8));
        return written();
    }

    private String written() {
        StringBuilder answer = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            answer.append(bytes.toString(UTF_8));
            bytes.release();
        }
        return answer.toString();
    }

    private static String get(String... headers) {
        return "GET / HTTP/1.1\r\n" + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
    }

    private static String bodyOf(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    /** The value of the header, in lower case; empty if it is not there. */
    private static String header(String answer, String name) {
        return answer.substring(0, answer.indexOf("\r\n\r\n"))
                .lines()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("");
    }

    private static int countOf(String part, String text) {
        return text.split(part, -1).length - 1;
    }

    @Test
    void everyRequestIsAnsweredWith503ThatIsNotToBeStored() {
        String answer = answerTo(get("Host: localhost"));
        assertTrue(answer.startsWith("HTTP/1.1 503 Service Unavailable\r\n"), answer);
        assertEquals("no-store", header(answer, "cache-control"));
        assertEquals("1", header(answer, "retry-after"));
        assertEquals("accept", header(answer, "vary"));
        assertEquals("nosniff", header(answer, "x-content-type-options"));
        assertEquals(String.valueOf(bodyOf(answer).getBytes(UTF_8).length), header(answer, "content-length"));
    }

    @Test
    void aBrowserGetsHtmlAndAProgramPlainText() {
        String page = answerTo(get("Host: localhost", "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"));
        assertEquals("text/html; charset=utf-8", header(page, "content-type"));
        assertTrue(bodyOf(page).startsWith("<!DOCTYPE html>"));
        for (String accept : List.of("Accept: */*", "Accept: image/png", "X-None: of these")) {
            String text = answerTo(get("Host: localhost", accept));
            assertEquals("text/plain; charset=utf-8", header(text, "content-type"));
            assertEquals(PlainText.of(PROBLEM), bodyOf(text));
        }
        String second = answerTo(get("Host: localhost", "Accept: image/png", "Accept: text/html"));
        assertEquals("text/html; charset=utf-8", header(second, "content-type"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8888",
                "LocalHost:8888",
                "app.localhost:8888",
                "127.0.0.1",
                "127.0.0.1:8888",
                "127.1.2.3:80",
                "[::1]",
                "[::1]:80"
            })
    void theDevelopersOwnBrowserSeesDetails(String host) {
        assertTrue(answerTo(get("Host: " + host, "Accept: text/html")).contains(SECRET));
        assertTrue(answerTo(get("Host: " + host)).contains(SECRET));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.com",
                "evil.com:8888",
                "127.0.0.1.evil.com",
                "127.0.0.1:80.evil.com",
                "localhost.evil.com",
                "evil.com#localhost",
                "evil.com/.localhost",
                "evillocalhost",
                "10.127.0.0.1",
                "128.0.0.1",
                "127.0.0.1, evil.com",
                "user@localhost",
                "localhost:80:80",
                "localhost:",
                "[::2]",
                "[::1].evil.com",
                "::1",
                ""
            })
    void aPageElsewhereThatWasReboundToThisMachineSeesNone(String host) {
        String page = answerTo(get("Host: " + host, "Accept: text/html"));
        assertTrue(page.startsWith("HTTP/1.1 503 "));
        assertFalse(page.contains(SECRET) || page.contains(PROBLEM.summary()), page);
        String text = answerTo(get("Host: " + host));
        assertEquals("The application is being updated. Try again in a moment.\n", bodyOf(text));
    }

    @Test
    void withoutAHostThereAreNoDetails() {
        assertFalse(answerTo(get()).contains(SECRET));
    }

    @Test
    void onASocketForOtherMachinesThereAreNoDetails() {
        use(connection(false));
        assertFalse(answerTo(get("Host: localhost")).contains(SECRET));
        assertFalse(answerTo(get("Host: 127.0.0.1", "Accept: text/html")).contains(SECRET));
    }

    @Test
    void whatWasPassedOnByAProxyGetsNoDetails() {
        for (String header :
                List.of("X-Forwarded-For: 203.0.113.9", "Via: 1.1 proxy", "CF-Connecting-IP: 203.0.113.9")) {
            String answer = answerTo(get(TRUSTED, header));
            assertFalse(answer.contains(SECRET) || answer.contains(PROBLEM.summary()), header);
            String opens = answerTo(post(link(0), TRUSTED, ofThePage(), header));
            assertTrue(opens.startsWith("HTTP/1.1 503 "), header);
        }
        assertEquals(List.of(), opened);
    }

    @Test
    void wherePagesShowNoDetailsTheySayWhereToLook() {
        shared = new FailureHandler.Shared(() -> failure, FailureDetails.HIDDEN);
        use(connection(true));
        for (String accept : List.of("text/html", "text/plain", "application/json")) {
            String answer = answerTo(get(TRUSTED, "Accept: " + accept));
            assertTrue(answer.contains("the transcript of the supervisor says why (details"), answer);
            assertFalse(answer.contains(SECRET) || answer.contains(PROBLEM.summary()), answer);
            assertFalse(answer.contains("/.supervisor/"), answer);
        }
        assertFalse(answerTo(get("Host: evil.com")).contains("transcript"));
        assertTrue(answerTo(stream(failure.id())).startsWith("HTTP/1.1 503 "), "they don't listen");
    }

    // The stream

    private static String stream(String problem, String... headers) {
        return "GET /.supervisor/failure/" + problem + " HTTP/1.1\r\n" + TRUSTED + "\r\n" + String.join("", headers)
                + "\r\n";
    }

    @Test
    void aPageIsToldWhenItIsOutdated() {
        String head = answerTo(stream(failure.id()));
        assertTrue(head.startsWith("HTTP/1.1 200 "), head);
        assertEquals("text/event-stream", header(head, "content-type"));
        assertEquals(failure.id(), header(head, "x-supervisor-problem"));
        assertEquals("", bodyOf(head));
        shared.streams().outdateAllBut(failure.id());
        assertEquals("", written(), "the same problem");
        failure = new Failure(Problem.of("another"), Optional.empty());
        shared.streams().outdateAllBut(failure.id());
        assertEquals("10\r\ndata: outdated\n\n\r\n0\r\n\r\n", written());
        shared.streams().outdateAll();
        assertEquals("", written(), "it has ended");
        assertTrue(answerTo(get(TRUSTED)).startsWith("HTTP/1.1 503 "), "usable afterwards");
    }

    @Test
    void aPageThatIsOutdatedAlreadyIsToldAtOnce() {
        String answer = answerTo(stream(Failure.UNDISCLOSED.id()));
        assertEquals(failure.id(), header(answer, "x-supervisor-problem"));
        assertTrue(answer.endsWith("data: outdated\n\n\r\n0\r\n\r\n"), answer);
    }

    @Test
    void theEndOfTheSupervisorIsNoNewAnswer() {
        answerTo(stream(failure.id()));
        shared.streams().endAll();
        assertEquals("0\r\n\r\n", written());
    }

    @Test
    void aRequestThatFollowsAStreamEndsIt() {
        answerTo(stream(failure.id()));
        String answer = answerTo(get(TRUSTED));
        assertTrue(answer.startsWith("0\r\n\r\nHTTP/1.1 503 "), answer);
    }

    @Test
    void strangersDontListen() {
        for (String header : List.of("X-Real-IP: 203.0.113.9\r\n", "Forwarded: for=unknown\r\n")) {
            assertTrue(answerTo(stream(failure.id(), header)).startsWith("HTTP/1.1 503 "), header);
        }
        assertTrue(answerTo(stream(failure.id()).replace("GET", "POST")).startsWith("HTTP/1.1 503 "));
    }

    @Test
    void whoAcceptsJsonGetsItByRfc9457() {
        for (String accept :
                List.of("application/json", "application/problem+json", "application/json, text/plain, */*")) {
            String answer = answerTo(get(TRUSTED, "Accept: " + accept));
            assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
            assertEquals("application/problem+json", header(answer, "content-type"));
            JsonObject json = JsonParser.parseString(bodyOf(answer)).getAsJsonObject();
            assertEquals(503, json.get("status").getAsInt());
            assertEquals("the build failed", json.get("detail").getAsString());
            assertEquals(2, json.getAsJsonArray("places").size());
        }
        String undisclosed = answerTo(get("Host: evil.com", "Accept: application/json"));
        assertEquals(
                Set.of("type", "title", "status", "detail"),
                JsonParser.parseString(bodyOf(undisclosed)).getAsJsonObject().keySet());
        assertFalse(undisclosed.contains("the build failed"));
    }

    @Test
    void howMuchOfTheOutputIsMissingIsSaidInEachForm() {
        List<String> output = List.of("one", "… 7 lines …", "nine");
        failure = new Failure(new Problem("no", List.of(), List.of(), output, 7), Optional.empty());
        assertTrue(answerTo(get(TRUSTED)).contains("the output of the build, but for 7 lines in the middle:\n  one"));
        String page = answerTo(get(TRUSTED, "Accept: text/html"));
        assertTrue(page.contains("<summary>The output of the build, but for 7 lines in the middle</summary>"), page);
        JsonObject json = JsonParser.parseString(bodyOf(answerTo(get(TRUSTED, "Accept: application/json"))))
                .getAsJsonObject();
        assertEquals(7, json.get("outputLinesDropped").getAsInt());
        assertEquals(3, json.getAsJsonArray("output").size());
    }

    @Test
    void thePageMayRunItsOwnScriptAndStyleAndNothingElse() {
        String policy = header(answerTo(get(TRUSTED, "Accept: text/html")), "content-security-policy");
        assertTrue(policy.startsWith("default-src 'none'; style-src 'sha256-"), policy);
        assertTrue(policy.contains("script-src 'sha256-"), policy);
        assertFalse(policy.contains("unsafe"), policy);
    }

    @Test
    void eachAnswerNamesItsProblem() {
        String id = header(answerTo(get(TRUSTED)), "x-supervisor-problem");
        assertEquals(8, id.length());
        assertEquals(id, header(answerTo("HEAD / HTTP/1.1\r\n" + TRUSTED + "\r\n\r\n"), "x-supervisor-problem"));
        assertTrue(answerTo(get(TRUSTED, "Accept: text/html")).contains("data-problem=\"" + id + "\""));
        failure = new Failure(Problem.of("another"), Optional.of(Instant.EPOCH));
        String other = header(answerTo(get(TRUSTED)), "x-supervisor-problem");
        assertNotEquals(id, other);
        failure = new Failure(Problem.of("another"), Optional.empty());
        assertEquals(other, header(answerTo(get(TRUSTED)), "x-supervisor-problem"));
    }

    @Test
    void strangersCantTellOneProblemFromAnother() {
        String before = answerTo(get("Host: evil.com", "Accept: text/html"));
        failure = new Failure(Problem.of("another"), Optional.of(Instant.EPOCH));
        assertEquals(before, answerTo(get("Host: evil.com", "Accept: text/html")));
    }

    @Test
    void thePageOfAStrangerAsksAgainAndTellsNothing() {
        String page = answerTo(get("Host: evil.com", "Accept: text/html"));
        assertTrue(page.contains("<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>"), page);
        assertTrue(page.contains("<script>"), page);
        assertFalse(page.contains("/.supervisor/"), page);
        String posted = answerTo("POST / HTTP/1.1\r\nHost: evil.com\r\nAccept: text/html\r\nContent-Length: 0\r\n\r\n");
        assertFalse(posted.contains("http-equiv=\"refresh\""), posted);
    }

    @Test
    void thePageOfARequestThatIsNoGetIsNotAskedForAgain() {
        assertTrue(answerTo(get(TRUSTED, "Accept: text/html")).contains(" data-reloads>"));
        String answer =
                answerTo("POST / HTTP/1.1\r\n" + TRUSTED + "\r\nAccept: text/html\r\nContent-Length: 0\r\n\r\n");
        assertTrue(answer.contains("<script>"));
        assertFalse(answer.contains(" data-reloads>"));
    }

    // The editor

    private String link(int index) {
        return "/.supervisor/editor/" + failure.id() + "/" + index;
    }

    private String ofThePage() {
        return OF_THE_PAGE + "\r\nX-Supervisor-Token: "
                + shared.editor().token().orElseThrow();
    }

    private static String post(String path, String... headers) {
        return "POST " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\nContent-Length: 0\r\n\r\n";
    }

    @Test
    void thePageMayHaveAPlaceOpenedInTheEditor() {
        String answer = answerTo(post(link(0), TRUSTED, ofThePage()));
        assertTrue(answer.startsWith("HTTP/1.1 204 "), answer);
        assertEquals(List.of(PROBLEM.places().get(0)), opened);
        assertTrue(answerTo(get(TRUSTED)).startsWith("HTTP/1.1 503 "), "usable afterwards");
    }

    @Test
    void otherPagesMayNot() {
        for (String origin : List.of(
                "Origin: http://localhost",
                "Origin: http://localhost:8889",
                "Origin: https://localhost:8888",
                "Origin: http://evil.com",
                "Origin: null",
                "Origin: http://localhost:8888.evil.com",
                "X-No: origin")) {
            String answer = answerTo(post(link(0), TRUSTED, ofThePage().replace(OF_THE_PAGE, origin)));
            assertTrue(answer.startsWith("HTTP/1.1 403 "), () -> origin + ": " + answer);
        }
        assertEquals(List.of(), opened);
    }

    @Test
    void whoForgesTheOriginLacksTheToken() {
        String token = shared.editor().token().orElseThrow();
        assertEquals(64, token.length());
        assertNotEquals(token, new EditorLinks(Optional.of(editor)).token().orElseThrow());
        assertTrue(answerTo(get(TRUSTED, "Accept: text/html")).contains("data-editor=\"" + token + "\""));
        for (String forged : List.of("X-No: token", "X-Supervisor-Token: ", "X-Supervisor-Token: " + token + "0")) {
            String answer = answerTo(post(link(0), TRUSTED, OF_THE_PAGE, forged));
            assertTrue(answer.startsWith("HTTP/1.1 403 "), () -> forged + ": " + answer);
        }
        assertEquals(List.of(), opened);
        for (String accept : List.of("text/plain", "application/json")) {
            assertFalse(answerTo(get(TRUSTED, "Accept: " + accept)).contains(token), accept);
        }
    }

    @Test
    void aPageThatWasReboundToThisMachineMayNot() {
        assertTrue(answerTo(post(link(0), "Host: evil.com", "Origin: http://evil.com"))
                .startsWith("HTTP/1.1 503 "));
        use(connection(false));
        assertTrue(answerTo(post(link(0), TRUSTED, ofThePage())).startsWith("HTTP/1.1 503 "), "not on loopback");
        assertEquals(List.of(), opened);
    }

    @Test
    void onlyPlacesOfTheProblemThatIsShownAreOpened() {
        String other = "/.supervisor/editor/" + Failure.UNDISCLOSED.id() + "/0";
        for (String path : List.of(link(1), link(2), link(9999), other)) {
            String answer = answerTo(post(path, TRUSTED, ofThePage()));
            assertTrue(answer.startsWith("HTTP/1.1 404 "), () -> path + ": " + answer);
        }
        for (String path : List.of(link(0) + "/etc/passwd", link(-1), link(0) + "?file=/etc/passwd", link(10_000))) {
            assertTrue(answerTo(post(path, TRUSTED, ofThePage())).startsWith("HTTP/1.1 503 "), path);
        }
        assertEquals(List.of(), opened);
    }

    @Test
    void aLinkThatIsOnlyFollowedOpensNothing() {
        String get = "GET " + link(0) + " HTTP/1.1\r\n" + TRUSTED + "\r\n" + ofThePage() + "\r\n\r\n";
        assertTrue(answerTo(get).startsWith("HTTP/1.1 503 "));
        assertEquals(List.of(), opened);
    }

    @Test
    void anEditorThatCantBeStartedIsReported() {
        editor = place -> {
            throw new IOException("there is no such program");
        };
        String answer = answerTo(post(link(0), TRUSTED, ofThePage()));
        assertTrue(answer.startsWith("HTTP/1.1 500 "), answer);
        assertTrue(bodyOf(answer).contains("there is no such program"), answer);
        assertTrue(channel.isOpen());
    }

    @Test
    void aConnectionIsKeptForTheMendedBuild() {
        for (int i = 0; i < 3; i++) {
            assertEquals("", header(answerTo(get("Host: localhost")), "connection"));
            assertTrue(channel.isOpen());
        }
    }

    @Test
    void aClientThatWantsNoMoreIsObeyed() {
        assertEquals("close", header(answerTo(get("Host: localhost", "Connection: close")), "connection"));
        assertFalse(channel.isOpen());
    }

    @Test
    void forAnAnswerToHeadNoBodyIsMadeAndSoItsLengthIsNotKnown() {
        String answer = answerTo("HEAD / HTTP/1.1\r\n" + TRUSTED + "\r\nAccept: text/html\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 503 "), answer);
        assertEquals("", bodyOf(answer));
        assertEquals("", header(answer, "content-length"));
        assertEquals("", header(answer, "transfer-encoding"));
        assertEquals("text/html; charset=utf-8", header(answer, "content-type"));
        assertTrue(answerTo(get("Host: localhost")).startsWith("HTTP/1.1 503 "), "usable afterwards");
    }

    @Test
    void aBodyIsDiscardedAndTheConnectionStaysUsable() {
        assertEquals("", answerTo("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n01234"));
        assertTrue(answerTo("56789").startsWith("HTTP/1.1 503 "));
        String chunked =
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        assertTrue(answerTo(chunked).startsWith("HTTP/1.1 503 "));
        assertEquals(PlainText.of(PROBLEM), bodyOf(answerTo(get("Host: localhost"))));
        assertTrue(channel.isOpen());
    }

    @Test
    void aBodyThatWaitsForContinueIsNotAskedFor() {
        String answer = answerTo("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10"
                + "\r\nExpect: 100-continue\r\n\r\n0123456789");
        assertTrue(answer.startsWith("HTTP/1.1 503 "));
        assertEquals(1, countOf("HTTP/1.1 ", answer));
        assertEquals("close", header(answer, "connection"));
        assertFalse(channel.isOpen());
    }

    @Test
    void pipelinedRequestsAreAllAnswered() {
        String answers = answerTo(get("Host: localhost") + get("Host: localhost") + get("Host: evil.com"));
        assertEquals(3, countOf("HTTP/1.1 503 ", answers));
        assertEquals(2, countOf(SECRET, answers));
        assertTrue(channel.isOpen());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0001\u0002\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nbad header\r\n\r\n"})
    void whatIsNoHttpIsSaidToBeNone(String garbage) {
        String answer = answerTo(garbage);
        assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
        assertEquals("close", header(answer, "connection"));
        assertFalse(channel.isOpen());
    }

    @Test
    void aBigHeadIsTakenAndATooBigOneIsAnswered() {
        int usual = 64 << 10;
        assertTrue(answerTo(get(TRUSTED, "Cookie: a=" + "a".repeat(usual))).startsWith("HTTP/1.1 503 "));
        assertTrue(answerTo("GET /" + "x".repeat(usual) + " HTTP/1.1\r\n" + TRUSTED + "\r\n\r\n")
                .startsWith("HTTP/1.1 503 "));
        String answer = answerTo(get(TRUSTED, "Cookie: a=" + "a".repeat(RequestHeads.LONGEST)));
        assertTrue(answer.startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n"), answer);
        assertFalse(channel.isOpen());
        use(connection(true));
        answer = answerTo("GET /" + "x".repeat(RequestHeads.LONGEST) + " HTTP/1.1\r\n" + TRUSTED + "\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 414 Request-URI Too Long\r\n"), answer);
        assertFalse(channel.isOpen());
    }
}
