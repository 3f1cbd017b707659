package dev.supervisor.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorException;
import dev.supervisor.testing.Client;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class RefreshServerTest {

    private final RefreshServer server = RefreshServer.start(0);
    private final InetSocketAddress address = new InetSocketAddress(
            InetAddress.getLoopbackAddress(), server.script().getPort());

    @AfterEach
    void close() {
        server.close();
    }

    private Client ask(String path, String headers) throws Exception {
        Client client = Client.connect(address);
        client.send("GET " + path + " HTTP/1.1\r\n" + headers + "\r\n");
        return client;
    }

    private Client listen() throws Exception {
        Client client = ask("/.supervisor/refresh", "Host: localhost\r\n");
        assertEquals("text/event-stream", client.head().header("content-type"));
        client.readUpTo("retry: 500\n\n");
        return client;
    }

    private static String next(Client stream) throws Exception {
        stream.readUpTo("data: ");
        return stream.line();
    }

    @Test
    void aStreamTellsWhatIsLiveAndWhatComesAfterIt() throws Exception {
        try (Client early = listen()) {
            server.serves(1, Instant.now());
            String first = next(early);
            try (Client late = listen()) {
                assertEquals(first, next(late));
                server.serves(2, Instant.now());
                String second = next(early);
                assertEquals(second, next(late));
                assertEquals(first.replaceAll("-1$", "-2"), second);
                server.failed();
                assertEquals(first.replaceAll("-1$", "-failure-1"), next(late));
                server.serves(3, Instant.now());
                assertEquals(first.replaceAll("-1$", "-failure-1"), next(early));
                assertEquals(first.replaceAll("-1$", "-3"), next(early));
            }
        }
    }

    @Test
    void aPageThatCameBeforeWhatIsLiveHearsOfBoth() throws Exception {
        server.serves(7, Instant.now().minusSeconds(60));
        assertEquals("former", firstOf("begun=90000"));
        assertTrue(firstOf("begun=1").endsWith("-7"));
        assertTrue(firstOf("begun=x").endsWith("-7"));
        assertTrue(firstOf("").endsWith("-7"));
    }

    private String firstOf(String query) throws Exception {
        try (Client stream = ask("/.supervisor/refresh?" + query, "Host: localhost\r\n")) {
            return next(stream);
        }
    }

    @Test
    void theStreamsEndWithTheServer() throws Exception {
        try (Client stream = listen()) {
            stream.readUpTo("\r\n"); // the end of the last chunk
            server.close();
            assertTrue(stream.isClosed());
        }
    }

    @Test
    void theScriptIsWhereItSays() throws Exception {
        Client.Answer answer;
        try (Client client = ask(server.script().getPath(), "Host: 127.0.0.1:1\r\n")) {
            answer = client.answer();
        }
        assertEquals(200, answer.status());
        assertEquals("text/javascript; charset=utf-8", answer.header("content-type"));
        assertTrue(answer.body().contains("EventSource"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: example.com\r\n",
                "",
                "Host: localhost\r\nHost: example.com\r\n",
                "Host: localhost\r\nX-Forwarded-For: 203.0.113.9\r\n",
                "Host: localhost\r\nCF-Connecting-IP: 203.0.113.9\r\n",
                "Host: localhost\r\nOrigin: https://example.com\r\n",
                "Host: localhost\r\nOrigin: http://localhost.example.com\r\n",
                "Host: localhost\r\nOrigin: null\r\n",
                "Host: localhost\r\nOrigin: ::\r\n"
            })
    void nobodyElsewhereListens(String headers) throws Exception {
        try (Client client = ask("/.supervisor/refresh", headers)) {
            Client.Answer answer = client.answer();
            assertEquals(403, answer.status());
            assertEquals("", answer.header("access-control-allow-origin"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8888", "https://127.0.0.1", "http://[::1]:1", "http://app.localhost:80"})
    void pagesOfThisMachineMayListen(String origin) throws Exception {
        try (Client client = ask("/.supervisor/refresh", "Host: localhost\r\nOrigin: " + origin + "\r\n")) {
            Client.Answer answer = client.head();
            assertEquals(200, answer.status());
            assertEquals(origin, answer.header("access-control-allow-origin"));
        }
    }

    @Test
    void aBigHeadIsTakenAndGarbageIsAnswered() throws Exception {
        String cookie = "Cookie: a=" + "a".repeat(64 << 10) + "\r\n";
        try (Client client = ask(server.script().getPath(), "Host: localhost\r\n" + cookie)) {
            assertEquals(200, client.answer().status());
        }
        try (Client client = Client.connect(address)) {
            client.send("\u0001\r\n\r\n");
            assertEquals(400, client.answer().status());
            assertTrue(client.isClosed());
        }
    }

    @Test
    void allElseIsNotThere() throws Exception {
        try (Client client = ask("/", "Host: localhost\r\n")) {
            assertEquals(404, client.answer().status());
        }
        try (Client client = Client.connect(address)) {
            client.send("POST /.supervisor/refresh HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
            assertEquals(405, client.answer().status());
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        int port = server.script().getPort();
        SupervisorException e = assertThrows(SupervisorException.class, () -> RefreshServer.start(port));
        assertTrue(String.valueOf(e.getMessage()).contains("127.0.0.1:" + port + " for refresh"), e::getMessage);
    }
}
