package dev.supervisor;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import dev.supervisor.Event.Failed.Next;
import dev.supervisor.Held;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class EventTest {

    private static InetSocketAddress address(String host, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    @Test
    void anHttpSocketIsPrintedAsAnAddressToClickOn() throws Exception {
        assertEquals(
                "~> http://127.0.0.1:8888/", new Event.Listening("http", "http", address("127.0.0.1", 8888)).text());
        assertEquals("~> http://[::1]:80/  (admin)", new Event.Listening("admin", "http", address("::1", 80)).text());
        assertEquals(
                "~> tcp://127.0.0.1:1883  (mqtt)",
                new Event.Listening("mqtt", "tcp", address("127.0.0.1", 1883)).text());
    }

    @Test
    void whatToIgnoreIsNamedAsIgnoreUnderstandsIt() {
        Path here = Path.of("").toAbsolutePath();
        assertTrue(new Event.Restless(5, here.resolve("src/made.txt"), false)
                .text()
                .endsWith("(if the build or the application writes there, add --ignore 'src/made.txt')"));
        assertTrue(new Event.Restless(5, here.resolveSibling("common/src/made.txt"), false)
                .text()
                .endsWith("(if the build or the application writes there, add --ignore 'made.txt')"));
    }

    @Test
    void whatIsWatchedByItsNameIsNeverSaidToBeIgnored() {
        Path here = Path.of("").toAbsolutePath();
        String restless = new Event.Restless(5, here.resolve("pom.xml"), true).text();
        String unsettled = new Event.Unsettled(here.resolve("pom.xml"), true).text();
        assertTrue(
                restless.endsWith("(if the build or the application writes there, take it out of --watch)"), restless);
        assertTrue(unsettled.endsWith("(if it is no source, take it out of --watch)"), unsettled);
    }

    @Test
    void servingTellsWhatWaitedOnlyIfSomethingDid() {
        Duration ms = Duration.ofMillis(1);
        assertEquals(
                "generation 2 serving app.jar: loaded 1 ms, started 2 ms",
                new Event.Serving(2, "app.jar", ms, ms.multipliedBy(2), Instant.EPOCH, Held.NONE).text());
        assertEquals(
                "generation 2 serving app.jar: loaded 1 ms, started 2 ms, held 1 connection for at most 3 ms",
                new Event.Serving(2, "app.jar", ms, ms.multipliedBy(2), Instant.EPOCH, new Held(1, ms.multipliedBy(3)))
                        .text());
        assertEquals(
                "generation 2 serving app.jar: loaded 1 ms, started 2 ms, held 2 connections for at most 3 ms",
                new Event.Serving(2, "app.jar", ms, ms.multipliedBy(2), Instant.EPOCH, new Held(2, ms.multipliedBy(3)))
                        .text());
    }

    @Test
    void aFailureTellsWhoServesNow() {
        Problem problem = Problem.of("no build");
        assertEquals("no build\n  waiting for the next build", new Event.Failed(problem, Next.WAITING).text());
        assertEquals(
                "no build\n  the generation before keeps serving", new Event.Failed(problem, Next.OLD_SERVES).text());
        assertEquals(
                "no build\n  a build of what has changed since follows",
                new Event.Failed(problem, Next.SUPERSEDED).text());
    }

    @Test
    void aFailureCanBeToldWithOtherDetails() {
        Problem problem = new Problem("no\u0007 build", List.of(new Problem.Cause("why", List.of())));
        assertEquals("no\ufffd build\n  waiting for the next build", new Event.Failed(problem, Next.WAITING).brief());
        assertEquals(
                "no\ufffd build\n  one\n  two\ufffd\n  waiting for the next build",
                new Event.Failed(problem, Next.WAITING).with(List.of("one", "two\r")));
    }

    @Test
    void whatWillNotStopNamesItself() {
        assertEquals(
                "generation 4 still holds 2 connections after 30.0 s: closing them",
                new Event.DrainTimedOut(4, 2, Duration.ofSeconds(30)).text());
    }

    @Test
    void aLongDrainTellsHowManyConnectionsItIsAboutAndHowLongItMayTake() {
        assertEquals(
                "generation 4 finishes what it had begun on 2 connections, within 30.0 s",
                new Event.Draining(4, 2, Duration.ofSeconds(30)).text());
    }

    @Test
    void anEndTellsWhereEachConnectionWent() {
        Duration after = Duration.ofMillis(100);
        assertEquals("generation 4 ended after 0.1 s", new Event.Ended(4, after, new Ledger(0, Map.of())).text());
        assertEquals(
                "generation 4 ended after 0.1 s; 1 connection: 1 moved on idle",
                new Event.Ended(4, after, new Ledger(0, Map.of(Departure.MOVED_IDLE, 1L))).text());
        Map<Departure, Long> all = Arrays.stream(Departure.values())
                .collect(toMap(
                        how -> how, how -> 1L + List.of(Departure.values()).indexOf(how)));
        assertEquals(
                "generation 4 ended after 0.1 s; 36 connections: 1 moved on idle, 2 moved on after a response,"
                        + " 3 handed off, 4 finished, 5 ended by the peer, 6 ended by the application,"
                        + " 7 closed at the deadline, 8 closed (9 with a request that waited)",
                new Event.Ended(4, after, new Ledger(9, all)).text());
    }

    @Test
    void aGenerationThatCantBeEndedIsToldWithWhatItCosts() {
        assertEquals(
                "generation 7 ended, but 1 thread of it can't be: close() did not return:\n    > at a.B.c(B.java:1)\n"
                        + "  it stays in memory until that ends or the supervisor is restarted: 10 classes; the metaspace"
                        + " holds 22 MiB",
                new Event.RunsOn(7, List.of("close() did not return:\n    > at a.B.c(B.java:1)"), 1, 10, 22L << 20)
                        .text());
    }

    @Test
    void ofThousandsOfLinesTheFirstAreTold() {
        String text = new Event.LeftBehind(
                        7,
                        IntStream.rangeClosed(1, 1000)
                                .mapToObj(number -> "thread " + number)
                                .toList())
                .text();
        assertTrue(text.startsWith("generation 7 left behind: \n  thread 1\n  thread 2\n"), text);
        assertTrue(text.endsWith("\n  thread 30\n  and 970 more"), text);
    }
}
