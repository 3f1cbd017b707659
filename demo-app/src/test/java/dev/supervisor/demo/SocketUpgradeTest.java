package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketUpgradeTest {

    private static final String UPGRADE = "GET /socket HTTP/1.1\nHost: demo\nConnection: keep-alive, Upgrade\n"
            + "Upgrade: websocket\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n";

    private final DemoConnection connection = new DemoConnection();

    @AfterEach
    void end() {
        connection.end();
    }

    @Test
    void theConnectionBecomesAWebSocket() {
        String answer = connection.ask(UPGRADE + "Sec-WebSocket-Version: 13\n\n");

        assertTrue(answer.startsWith("HTTP/1.1 101 "), answer);
        assertTrue(answer.contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n"), answer);
        assertTrue(connection.isRead());

        String text = connection.ask("\u0081\u0081\0\0\0\0a"); // a frame of one byte, masked with zeros

        assertTrue(text.contains("generation=7&") && text.contains("&text=a&"), text);
    }

    @Test
    void anOtherRequestIsToldThatThisIsAWebSocket() {
        String answer = connection.ask("GET /socket HTTP/1.1\nHost: demo\n\n");

        assertTrue(answer.startsWith("HTTP/1.1 426 "), answer);
        assertTrue(answer.contains("upgrade: websocket\n"), answer);
        assertTrue(connection.ask("GET / HTTP/1.1\nHost: demo\n\n").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void aRequestThatDoesNotAskForAnUpgradeOrByAnotherMethodIsRefused() {
        String version = "Sec-WebSocket-Version: 13\n\n";
        for (String request :
                List.of(UPGRADE.replace(", Upgrade", "") + version, UPGRADE.replace("GET", "HEAD") + version)) {
            String answer = connection.ask(request);
            assertTrue(answer.startsWith("HTTP/1.1 426 "), answer);
        }
    }

    @Test
    void anOlderVersionIsToldTheRightOne() {
        String answer = connection.ask(UPGRADE + "Sec-WebSocket-Version: 8\n\n");

        assertTrue(answer.startsWith("HTTP/1.1 426 "), answer);
        assertTrue(answer.contains("sec-websocket-version: 13\n"), answer);
    }
}
