package dev.supervisor.failure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FailureHandlerTest {

    private static final String SECRET = "Broken.java:42";
    private static final Problem PROBLEM = new Problem(
            "app.jar failed to start",
            List.of(new Problem.Cause("java.lang.Error: no", List.of(new Problem.Frame(SECRET, true)))));

    private EmbeddedChannel channel = connection(true);

    private static EmbeddedChannel connection(boolean loopback) {
        return new EmbeddedChannel(new HttpServerCodec(), new FailureHandler(() -> PROBLEM, loopback));
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
        assertEquals("default-src 'none'; style-src 'unsafe-inline'", header(answer, "content-security-policy"));
        assertEquals(String.valueOf(bodyOf(answer).getBytes(UTF_8).length), header(answer, "content-length"));
    }

    @Test
    void aBrowserGetsHtmlAndAProgramPlainText() {
        String page = answerTo(get("Host: localhost", "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"));
        assertEquals("text/html; charset=utf-8", header(page, "content-type"));
        assertTrue(bodyOf(page).startsWith("<!DOCTYPE html>"));
        for (String accept : List.of("Accept: */*", "Accept: application/json", "X-None: of these")) {
            String text = answerTo(get("Host: localhost", accept));
            assertEquals("text/plain; charset=utf-8", header(text, "content-type"));
            assertEquals(PROBLEM.details(), bodyOf(text));
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
    void anAnswerToHeadHasTheLengthButNoBody() {
        String answer = answerTo("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertEquals("", bodyOf(answer));
        assertEquals(String.valueOf(PROBLEM.details().getBytes(UTF_8).length), header(answer, "content-length"));
        assertTrue(answerTo(get("Host: localhost")).startsWith("HTTP/1.1 503 "), "usable afterwards");
    }

    @Test
    void aBodyIsDiscardedAndTheConnectionStaysUsable() {
        assertEquals("", answerTo("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n01234"));
        assertTrue(answerTo("56789").startsWith("HTTP/1.1 503 "));
        String chunked =
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
        assertTrue(answerTo(chunked).startsWith("HTTP/1.1 503 "));
        assertEquals(PROBLEM.details(), bodyOf(answerTo(get("Host: localhost"))));
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
    void whatIsNoHttpEndsTheConnection(String garbage) {
        answerTo(garbage);
        assertFalse(channel.isOpen());
    }
}
