package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeepAliveTest {

    private final DemoConnection connection = new DemoConnection();

    @AfterEach
    void end() {
        connection.end();
    }

    @Test
    void http11StaysOpen() {
        String answer = connection.ask("GET / HTTP/1.1\nHost: demo\n\n");

        assertFalse(answer.contains("connection:"), answer);
        assertTrue(connection.isOpen());
    }

    @Test
    void http11IsClosedWhenTheClientAsksForIt() {
        String answer = connection.ask("GET / HTTP/1.1\nHost: demo\nConnection: close\n\n");

        assertTrue(answer.contains("connection: close\n"), answer);
        assertFalse(connection.isOpen());
    }

    @Test
    void http10IsClosed() {
        String answer = connection.ask("GET / HTTP/1.0\n\n");

        assertTrue(answer.contains("connection: close\n"), answer);
        assertFalse(connection.isOpen());
    }

    @Test
    void http10StaysOpenWhenTheClientAsksForIt() {
        String answer = connection.ask("GET / HTTP/1.0\nConnection: keep-alive\n\n");

        assertTrue(answer.contains("connection: keep-alive\n"), answer);
        assertTrue(connection.isOpen());
    }

    @Test
    void aStreamToHttp10HasNoChunksAndEndsWithTheConnection() {
        connection.send("GET /slow?ms=100 HTTP/1.0\nConnection: keep-alive\n\n");
        connection.pass(Duration.ofMillis(100));

        String answer = connection.receive();
        assertFalse(answer.contains("transfer-encoding"), answer);
        assertTrue(answer.contains("connection: close\n"), answer);
        assertTrue(answer.endsWith("\n\ngeneration 7: 0 of 100 ms\ngeneration 7: 100 of 100 ms\n"), answer);
        assertFalse(connection.isOpen());
    }

    @Test
    void theLastAnswerIsWholeBeforeTheConnectionCloses() {
        connection.takeNoMore();
        connection.send("GET / HTTP/1.1\nHost: demo\nConnection: close\n\n");
        assertTrue(connection.isOpen());

        connection.takeAgain();
        assertTrue(connection.receive().endsWith("</html>\n"));
        assertFalse(connection.isOpen());
    }

    @Test
    void theBodyOfTheLastRequestIsReadBeforeTheConnectionCloses() {
        connection.send("POST / HTTP/1.1\nHost: demo\nConnection: close\nContent-Length: 4\n\nab");
        assertTrue(connection.isOpen());

        connection.send("cd");
        assertFalse(connection.isOpen());
    }
}
