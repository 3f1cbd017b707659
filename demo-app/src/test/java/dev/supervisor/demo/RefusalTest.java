package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {

    private final DemoConnection connection = new DemoConnection();

    @AfterEach
    void end() {
        connection.end();
    }

    @Test
    void anUnknownPathIsNotFound() {
        String answer = connection.ask("GET /nowhere HTTP/1.1\nHost: demo\n\n");

        assertTrue(answer.startsWith("HTTP/1.1 404 Not Found\n"), answer);
        assertTrue(answer.contains("<code>/nowhere</code>"), answer);
        assertTrue(connection.isOpen());
    }

    @Test
    void aPathThatIsAScriptIsShownAndNotRun() {
        String answer = connection.ask("GET /<script>alert('hi')</script> HTTP/1.1\nHost: demo\n\n");

        assertTrue(answer.contains("/&lt;script&gt;alert(&#39;hi&#39;)&lt;/script&gt;"), answer);
        assertFalse(answer.contains("<script>"), answer);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /, 'GET, HEAD'",
        "PUT, /style.css, 'GET, HEAD'",
        "DELETE, /slow, 'GET, HEAD'",
        "OPTIONS, /events, 'GET, HEAD'",
        "POST, /boom, 'GET, HEAD'",
        "PUT, /echo, 'GET, HEAD, POST'"
    })
    void aMethodThatIsNotAllowedIsToldThoseThatAre(String method, String path, String allowed) {
        String answer = connection.ask(method + " " + path + " HTTP/1.1\nHost: demo\nContent-Length: 0\n\n");

        assertTrue(answer.startsWith("HTTP/1.1 405 Method Not Allowed\n"), answer);
        assertTrue(answer.contains("\nallow: " + allowed + "\n"), answer);
        assertTrue(connection.isOpen());
    }

    @Test
    void theBodyOfARefusedRequestIsSkippedUpToTheNextRequest() {
        String first = connection.ask("POST / HTTP/1.1\nHost: demo\nContent-Length: 10\n\n01234");
        String second = connection.ask("56789GET / HTTP/1.1\nHost: demo\n\n");

        assertTrue(first.startsWith("HTTP/1.1 405 "), first);
        assertTrue(second.startsWith("HTTP/1.1 200 "), second);
    }

    @Test
    void aBodyOfManySmallChunksIsSkippedWithoutEndingTheStack() {
        send("POST / HTTP/1.1\nHost: demo\nTransfer-Encoding: chunked\n\n" + "1\n.\n".repeat(5_000) + "0\n\n");

        assertTrue(connection.ask("GET / HTTP/1.1\nHost: demo\n\n").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void aRefusedClientThatHoldsItsBodyBackIsNotWaitedFor() {
        String answer =
                connection.ask("POST / HTTP/1.1\nHost: demo\nExpect: 100-continue\nContent-Length: 1000000\n\n");

        assertTrue(answer.startsWith("HTTP/1.1 405 "), answer);
        assertTrue(answer.contains("connection: close\n"), answer);
        assertFalse(connection.isOpen());
    }

    @Test
    void aPathThatCannotBeDecodedIsABadRequest() {
        String answer = connection.ask("GET /%zz HTTP/1.1\nHost: demo\n\n");

        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(connection.isOpen());
    }

    @Test
    void whatIsNotHttpIsABadRequestAndTheEnd() {
        String answer = connection.ask("hello?\n\n");

        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertFalse(connection.isOpen());
    }

    private void send(String text) {
        String answer = connection.ask(text);
        assertTrue(answer.startsWith("HTTP/1.1 405 "), answer);
    }
}
