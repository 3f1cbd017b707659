package dev.supervisor.bench.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client counts what a browser would hide. */
final class DevLoopClientTest {

    private static final String OLD = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold";
    private static final String NEW =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nn\r\n2\r\new\r\n0\r\n\r\n";
    private static final String FAILURE = "HTTP/1.1 500 Failed\r\nContent-Length: 0\r\n\r\n";
    private static final String LAST = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nold";
    private static final String NONE = "";

    private final Semaphore ended = new Semaphore(0);
    private ServerSocket server;
    private DevLoopClient client;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        client = new DevLoopClient(server.getLocalPort(), "/");
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void answersOfTheFormerBuildAreStale() throws Exception {
        awaitNew(List.of(OLD, OLD, NEW));
        assertCounted(2, 0, 0);
    }

    @Test
    void otherAnswersAreFailures() throws Exception {
        awaitNew(List.of(FAILURE, NEW));
        assertCounted(0, 0, 1);
    }

    @Test
    void aConnectionThatIsClosedInsteadOfAnAnswerIsAFailure() throws Exception {
        awaitNew(List.of(OLD, NONE), List.of(NEW));
        assertCounted(1, 1, 1);
    }

    @Test
    void aConnectionWhoseEndIsAnnouncedIsNotCounted() throws Exception {
        awaitNew(List.of(LAST), List.of(NEW));
        assertCounted(1, 0, 0);
    }

    @Test
    void aConnectionThatWasClosedWhileIdleFailsNoRequest() throws Exception {
        serve(List.of(NEW), List.of(NEW));
        client.awaitAnswer("new", Duration.ofSeconds(10), () -> true);
        ended.acquire();
        client.awaitAnswer("new", Duration.ofSeconds(10), () -> true);
        assertCounted(0, 1, 0);
    }

    @Test
    void aServerThatHasEndedIsNotWaitedFor() throws IOException {
        server.close();
        assertThrows(IllegalStateException.class, () -> client.awaitAnswer("new", Duration.ofSeconds(10), () -> false));
    }

    private void assertCounted(int stale, int closed, int failed) {
        assertEquals(List.of(stale, closed, failed), List.of(client.stale(), client.closed(), client.failed()));
    }

    @SafeVarargs
    private void awaitNew(List<String>... connections) throws Exception {
        serve(connections);
        client.awaitAnswer("new", Duration.ofSeconds(10), () -> true);
    }

    /** Accepts a connection after another, and gives these answers on it. */
    @SafeVarargs
    private void serve(List<String>... connections) {
        Thread thread = new Thread(() -> {
            for (List<String> answers : connections) {
                try (Socket socket = server.accept()) {
                    answer(socket, answers);
                } catch (IOException e) {
                    return; // the test has ended
                }
                ended.release();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void answer(Socket socket, List<String> answers) throws IOException {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        for (String answer : answers) {
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                // the request's head
            }
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
