package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.spi.Application;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole application, on real sockets. */
@Timeout(20)
class DemoApplicationTest {

    private final DemoServer server = new DemoServer();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void theSupervisorFindsTheApplication() {
        assertEquals(
                DemoApplication.class,
                ServiceLoader.load(Application.class).findFirst().orElseThrow().getClass());
    }

    @Test
    void aBodyThatIsLargerThanAllBuffersIsEchoedWhileItIsSent() throws Exception {
        byte[] body = new byte[32 << 20];
        new Random(1).nextBytes(body);

        try (Socket socket = server.connect()) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> sendToEcho(body, socket));
            byte[] answer = socket.getInputStream().readAllBytes();
            sent.get();

            int head = answer.length - body.length;
            assertEquals(-1, Arrays.mismatch(body, Arrays.copyOfRange(answer, head, answer.length)));
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        try (Socket socket = server.connect()) {
            write(
                    socket,
                    "GET /slow?ms=150 HTTP/1.1\r\nHost: demo\r\n\r\n"
                            + "GET / HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n\r\n");

            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int last = answers.indexOf("150 of 150 ms");
            assertTrue(last > 0 && last < answers.indexOf("Request 2 of"), answers);
        }
    }

    @Test
    void theServerEndsAnAnswerWhosePeerHasGone() throws Exception {
        try (Socket socket = server.connect()) {
            write(socket, "GET /slow?ms=60000 HTTP/1.1\r\nHost: demo\r\n\r\n");
            assertEquals('H', socket.getInputStream().read());
        }

        server.awaitNoConnections(Duration.ofSeconds(15));
    }

    private static void sendToEcho(byte[] body, Socket socket) {
        try {
            write(
                    socket,
                    "POST /echo HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n" + "Content-Length: " + body.length
                            + "\r\n\r\n");
            socket.getOutputStream().write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
