package dev.supervisor.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Event;
import dev.supervisor.SupervisorOptions.Refresh;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.Http2Client;
import dev.supervisor.testing.Running;
import dev.supervisor.web.RequestHeads;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients meet while no build serves, on real sockets. */
@Timeout(120)
final class FailureServerIT {

    /** Longer than a test may take: what waits for it fails. */
    private static final Duration FOR_EVER = Duration.ofMinutes(10);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Running failing(String why) throws Exception {
        Apps.starting("throw new IllegalStateException(\"" + why + "\");").moveTo(jar());
        Running running = Running.http(
                jar(),
                options -> options.drainTimeout(FOR_EVER).holdTimeout(FOR_EVER).refresh(new Refresh(false, 0)));
        running.await(Event.Failed.class);
        return running;
    }

    /** A page that listens, on its own connection. */
    private static Client listen(Running running) throws Exception {
        Client client = Client.connect(running.address());
        String problem = client.get("/").header("x-supervisor-problem");
        client.send("GET /.supervisor/failure/" + problem + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertEquals(problem, client.head().header("x-supervisor-problem"));
        return client;
    }

    private static void readOutdated(Client page) throws Exception {
        page.readUpTo("data: outdated\n\n\r\n0\r\n\r\n");
    }

    @Test
    void aPageThatListensIsToldOfTheMendedBuildAndItsConnectionMovesThere() throws Exception {
        try (Running running = failing("no database");
                Client page = listen(running)) {
            Apps.http("v1").moveTo(jar());
            readOutdated(page);
            assertEquals("v1 gen=2 n=1", page.get("/").body());
            running.awaitTally(tally -> tally.open() == 1);
        }
    }

    @Test
    void aPageThatListensIsToldOfAnotherProblemButNotOfTheSame() throws Exception {
        try (Running running = failing("no database");
                Client page = listen(running)) {
            Apps.starting("throw new IllegalStateException(\"no database\"); // again")
                    .moveTo(jar());
            running.await(
                    Event.Failed.class,
                    failed -> running.events(Event.Failed.class).size() == 2);
            Apps.starting("throw new IllegalStateException(\"no cache\");").moveTo(jar());
            readOutdated(page);
            assertTrue(page.get("/").body().contains("no cache"));
        }
    }

    @Test
    void theSupervisorStopsAtOnceWhateverListens() throws Exception {
        Running running = failing("no database");
        try (Client page = listen(running)) {
            running.close();
            assertEquals("0", page.line(), "without a word");
            assertEquals("", page.line());
            assertTrue(page.isClosed());
        }
    }

    @Test
    void http2ByPriorKnowledgeIsAnswered() throws Exception {
        try (Running running = failing("no database");
                Http2Client client = new Http2Client(running.address())) {
            assertEquals("connected", client.next());
            for (int stream = 3; stream <= 5; stream += 2) {
                client.get("/");
                String answer = client.next();
                assertTrue(answer.startsWith(stream + ": ") && answer.contains("no database"), answer);
            }
            Apps.http2("v1").moveTo(jar());
            assertEquals("GOAWAY 5 error 0", client.next());
            assertEquals("closed", client.next());
        }
    }

    @Test
    void aPageThatListensByHttp2IsToldToo() throws Exception {
        try (Running running = failing("no database");
                Http2Client client = new Http2Client(running.address())) {
            assertEquals("connected", client.next());
            String problem = Client.get(running.address(), "/").header("x-supervisor-problem");
            client.get("/.supervisor/failure/" + problem);
            client.get("/");
            assertTrue(client.next().startsWith("5: "));
            Apps.http2("v1").moveTo(jar());
            String heard = client.next() + client.next();
            assertTrue(heard.contains("3: data: outdated\n\n") && heard.contains("GOAWAY 5 error 0"), heard);
        }
    }

    @Test
    void aHeadThatIsTooBigIsAnsweredThoughMoreFollows() throws Exception {
        try (Running running = failing("no database")) {
            InetSocketAddress refresh = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(),
                    running.await(Event.Refreshing.class).script().getPort());
            for (InetSocketAddress address : new InetSocketAddress[] {running.address(), refresh}) {
                assertRefused(431, address, "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: a=");
                assertRefused(414, address, "GET /");
            }
        }
    }

    private static void assertRefused(int status, InetSocketAddress address, String begin) throws Exception {
        try (Client client = Client.connect(address)) {
            client.send(begin + "a".repeat(4 * RequestHeads.LONGEST));
            client.send("a".repeat(RequestHeads.LONGEST));
            Answer answer = client.answer();
            assertEquals(status, answer.status());
            assertEquals("close", answer.header("connection"));
            assertTrue(client.isClosed());
        }
    }

    @Test
    void bigHeadsAndHttp2AreAnsweredAlsoAfterTheHoldTimeout() throws Exception {
        Apps.starting("new java.util.concurrent.CountDownLatch(1).await();").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.holdTimeout(Duration.ofMillis(200)));
                Client client = Client.connect(running.address());
                Http2Client http2 = new Http2Client(running.address())) {
            String head = "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: a=" + "a".repeat(64 << 10) + "\r\n\r\n";
            client.send(head);
            Answer answer = client.answer();
            assertEquals(503, answer.status());
            assertTrue(answer.body().contains("no build was ready within"), answer::body);
            assertEquals("connected", http2.next());
            http2.get("/" + "a".repeat(64 << 10));
            assertTrue(http2.next().contains("no build was ready within"));
        }
    }

    @Test
    void withoutDetailsThePageSaysWhereToLook() throws Exception {
        Apps.starting("throw new IllegalStateException(\"no database\");").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.details(false))) {
            running.await(Event.Failed.class);
            Answer answer = Client.get(running.address(), "/");
            assertEquals(503, answer.status());
            assertFalse(answer.body().contains("no database"), answer::body);
            assertTrue(answer.body().contains("the transcript of the supervisor says why"), answer::body);
        }
    }
}
