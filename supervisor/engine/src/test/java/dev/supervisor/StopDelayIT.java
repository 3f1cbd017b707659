package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.Http2Client;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.TestBuild;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The time in which a supervisor that is asked to stop goes on accepting, and tells its clients to leave. */
@Timeout(120)
@SameOnEveryJdk
class StopDelayIT {

    /** Longer than what each test does in it. */
    private static final Duration DELAY = Duration.ofSeconds(4);

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    private Path directory;

    private CompletableFuture<Void> closed = CompletableFuture.completedFuture(null);

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Running start(TestBuild build) throws Exception {
        build.moveTo(jar());
        Running running = Running.http(jar(), options -> options.stopDelay(DELAY));
        running.awaitServing(1);
        return running;
    }

    /** Begins the stop, and returns when new clients are told to leave. */
    private void stop(Running running) throws Exception {
        closed = CompletableFuture.runAsync(running::close);
        assertEquals(DELAY, running.await(Event.Stopping.class).delay());
        while (!isLast(Client.get(running.address(), "/"))) {
            Thread.onSpinWait();
        }
    }

    @AfterEach
    void awaitEnd() {
        closed.join();
    }

    private static boolean isLast(Answer answer) {
        return answer.header("connection").equals("close");
    }

    /** Asks until a connection that is open when the stop begins is told to leave, and returns that answer. */
    private static Answer lastAnswer(Client client) throws IOException {
        Answer answer = client.get("/");
        while (!isLast(answer)) {
            answer = client.get("/");
        }
        return answer;
    }

    @Test
    void newAndIdleConnectionsGetOneMoreAnswerThatSaysClose() throws Exception {
        try (Running running = start(Apps.http("v1"));
                Client idle = Client.connect(running.address())) {
            assertEquals("v1 gen=1 n=1", idle.get("/").body());
            stop(running);
            assertTrue(lastAnswer(idle).body().startsWith("v1 gen=1 n="));
            assertTrue(idle.isClosed(), "in order, after the answer");
            try (Client fresh = Client.connect(running.address())) {
                Answer answer = fresh.get("/");
                assertEquals("v1 gen=1 n=1", answer.body());
                assertTrue(isLast(answer));
                assertTrue(fresh.isClosed());
            }
            closed.join();
            assertThrows(ConnectException.class, () -> Client.connect(running.address()));
            assertEquals(0, running.await(Event.Ended.class).ledger().total(), "all were closed before the drain");
        }
    }

    @Test
    void onlyTheLastOfSeveralRequestsThatHaveComeSaysClose() throws Exception {
        try (Running running = start(Apps.http("v1"))) {
            stop(running);
            try (Client client = Client.connect(running.address())) {
                client.send(GET + GET + GET);
                for (int i = 1; i <= 3; i++) {
                    Answer answer = client.answer();
                    assertEquals("v1 gen=1 n=" + i, answer.body());
                    assertEquals(i == 3, isLast(answer));
                }
                assertTrue(client.isClosed());
            }
        }
    }

    @Test
    void clientsOfOtherKindsAreToldToo() throws Exception {
        try (Running running = start(Apps.http("v1"))) {
            stop(running);
            try (Client old = Client.connect(running.address());
                    Client head = Client.connect(running.address());
                    Client post = Client.connect(running.address());
                    Client slow = Client.connect(running.address());
                    Client go = Client.connect(running.address())) {
                old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
                assertTrue(isLast(old.answer()));
                assertTrue(old.isClosed());
                head.send("HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\n");
                assertTrue(isLast(head.head()));
                assertTrue(head.isClosed());
                post.beginPost("/echo");
                post.send("x");
                Answer echo = post.answer();
                assertEquals("x", echo.body());
                assertTrue(isLast(echo));
                assertTrue(post.isClosed());
                slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
                assertTrue(isLast(slow.head()));
                slow.send(GET); // too late: the client was told
                assertEquals("gone", go.get("/go").body());
                slow.readUpTo("ended by v1 gen=1\r\n0\r\n\r\n");
                assertTrue(slow.isClosed());
            }
        }
    }

    @Test
    void aResponseThatHadBegunIsLeftAlone() throws Exception {
        try (Running running = start(Apps.http("v1"));
                Client slow = Client.connect(running.address())) {
            slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            slow.readUpTo("begun by v1 gen=1\r\n");
            stop(running);
            Client.get(running.address(), "/go");
            slow.readUpTo("ended by v1 gen=1\r\n0\r\n\r\n");
            Answer next = slow.get("/");
            assertEquals("v1 gen=1 n=2", next.body());
            assertTrue(isLast(next));
            assertTrue(slow.isClosed());
        }
    }

    @Test
    void aClientThatLeavesDuringTheDelayIsNeverRefused() throws Exception {
        try (Running running = start(Apps.http("v1"))) {
            int told = 0;
            while (told < 100) {
                Answer answer = Client.get(running.address(), "/"); // a refusal or a reset throws
                assertEquals("v1 gen=1 n=1", answer.body());
                told += isLast(answer) ? 1 : 0;
                if (running.events(Event.Stopping.class).isEmpty() && closed.isDone()) {
                    closed = CompletableFuture.runAsync(running::close);
                }
            }
            assertTrue(running.events(Event.Ended.class).isEmpty(), "still serving");
        }
    }

    @Test
    void aSwapDuringTheDelayIsMade() throws Exception {
        try (Running running = start(Apps.http("v1"));
                Client idle = Client.connect(running.address())) {
            assertEquals("v1 gen=1 n=1", idle.get("/").body());
            stop(running);
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
            Answer answer = idle.get("/");
            assertEquals("v2 gen=2 n=1", answer.body());
            assertTrue(isLast(answer));
            assertTrue(idle.isClosed());
        }
    }

    @Test
    void whereNoBuildServesTheFailurePageSaysClose() throws Exception {
        Files.writeString(jar(), "no jar");
        try (Running running = Running.http(jar(), options -> options.stopDelay(DELAY))) {
            running.await(Event.Failed.class);
            stop(running);
            try (Client client = Client.connect(running.address())) {
                Answer answer = client.get("/");
                assertEquals(503, answer.status());
                assertTrue(isLast(answer));
                assertTrue(client.isClosed());
            }
        }
    }

    @Test
    void http2ClientsGoAwayWithTheirNextAnswer() throws Exception {
        try (Running running = start(Apps.http2("v1"));
                Http2Client busy = new Http2Client(running.address())) {
            assertEquals("connected", busy.next());
            busy.get("/slow");
            busy.get("/");
            assertEquals("5: v1 gen=1", busy.next());
            stop(running);
            assertEquals("GOAWAY 5 error 0", busy.next());
            try (Http2Client fresh = new Http2Client(running.address())) {
                assertEquals("connected", fresh.next());
                fresh.get("/");
                assertEquals("3: v1 gen=1", fresh.next());
                assertEquals("GOAWAY 3 error 0", fresh.next());
                assertEquals("closed", fresh.next());
                assertTrue(running.events(Event.Ended.class).isEmpty(), "still serving");
            }
            Client.get(running.address(), "/go");
            assertEquals("3: v1 gen=1", busy.next());
            assertEquals("closed", busy.next());
        }
    }
}
