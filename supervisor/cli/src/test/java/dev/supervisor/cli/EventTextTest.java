package dev.supervisor.cli;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Departure;
import dev.supervisor.Event;
import dev.supervisor.Event.Failed.Next;
import dev.supervisor.Held;
import dev.supervisor.Ledger;
import dev.supervisor.Problem;
import dev.supervisor.Protocol;
import dev.supervisor.Status;
import dev.supervisor.Status.State;
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

final class EventTextTest {

    private static InetSocketAddress address(String host, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    @Test
    void anHttpSocketIsPrintedAsAnAddressToClickOn() throws Exception {
        assertEquals(
                "~> http://127.0.0.1:8888/",
                EventText.of(new Event.Listening("http", Protocol.HTTP, address("127.0.0.1", 8888))));
        assertEquals(
                "~> http://[::1]:80/  (admin)",
                EventText.of(new Event.Listening("admin", Protocol.HTTP, address("::1", 80))));
        assertEquals(
                "~> tcp://127.0.0.1:1883  (mqtt)",
                EventText.of(new Event.Listening("mqtt", Protocol.STREAM, address("127.0.0.1", 1883))));
    }

    @Test
    void certificatesAreNamedWithTheirEnds() {
        Instant now = Instant.parse("2026-01-02T03:04:05.678Z");
        Status.Certificate certificate = new Status.Certificate(
                List.of("a", "b", "c", "d", "e", "f", "g"), now.minusSeconds(9), now, Path.of("web.pem"));
        assertEquals(
                "TLS of 'web' by JDK: a, b, c, d, e and 2 more until 2026-01-02T03:04:05Z; ALPN h2, http/1.1; clients need"
                        + " a certificate",
                EventText.of(new Event.CertificatesLoaded(
                        "web", new Status.Tls("JDK", List.of(certificate)), List.of("h2", "http/1.1"), true)));
        assertEquals(
                "the certificates of 'web' stay as they are: 'web.pem' is empty",
                EventText.of(new Event.CertificatesRefused("web", "'web.pem' is empty")));
        String which = "the certificate of 'web', a, b, c, d, e and 2 more, ";
        assertEquals(
                which + "has expired at 2026-01-02T03:04:05Z: renew web.pem",
                EventText.of(new Event.CertificateExpires("web", certificate, Duration.ofSeconds(-1))));
        assertEquals(
                which + "expires in less than a day, at 2026-01-02T03:04:05Z: renew web.pem",
                EventText.of(new Event.CertificateExpires("web", certificate, Duration.ofSeconds(1))));
        assertEquals(
                which + "is not valid before 2026-01-02T03:03:56Z (is the clock right?): renew web.pem",
                EventText.of(new Event.CertificateExpires("web", certificate, Duration.ofSeconds(10))));
    }

    @Test
    void anAuthorityIsPrintedWithTheCommandsThatTrustIt() {
        String text = EventText.of(new Event.AuthorityMade(Path.of("/home/a b/ca.pem"), false));
        assertTrue(text.contains("curl: --cacert '/home/a b/ca.pem'"), text);
        assertTrue(text.contains("update-ca-certificates") && text.contains("Firefox"), text);
        assertTrue(EventText.of(new Event.AuthorityMade(Path.of("/r/rootCA.pem"), true))
                .contains("'mkcert -install'"));
    }

    @Test
    void whatToIgnoreIsNamedAsIgnoreUnderstandsIt() {
        Path here = Path.of("").toAbsolutePath();
        assertTrue(EventText.of(new Event.Restless(5, here.resolve("src/made.txt"), false))
                .endsWith("(if the build or the application writes there, add --ignore 'src/made.txt')"));
        assertTrue(EventText.of(new Event.Restless(5, here.resolveSibling("common/src/made.txt"), false))
                .endsWith("(if the build or the application writes there, add --ignore 'made.txt')"));
    }

    @Test
    void checksAndWarmUpsAreToldInFigures() {
        assertEquals(
                "generation 2 has passed 1 check in 12 ms",
                EventText.of(new Event.Checked(2, 1, Duration.ofMillis(12))));
        assertEquals(
                "generation 2 has answered 4711 requests to warm up in 900 ms",
                EventText.of(new Event.WarmedUp(2, 4711, 0, true, Duration.ofMillis(900))));
        assertEquals(
                "generation 2 has answered 1 request to warm up in 2000 ms, with 3 failures, and was not steady yet",
                EventText.of(new Event.WarmedUp(2, 1, 3, false, Duration.ofSeconds(2))));
    }

    @Test
    void aBuildThatIsReplacedByTheOneBeforeIsToldWithWhy() {
        assertEquals(
                "app.jar (generation 2) failed 30 of 100 requests\n  the generation before serves again",
                EventText.of(new Event.Failed(
                        Problem.of("app.jar (generation 2) failed 30 of 100 requests"), Next.BROUGHT_BACK)));
    }

    @Test
    void sourcesThatDontSettleAreToldWithHowToIgnoreThem() {
        assertEquals(
                "the sources don't settle, app.log is the last that has changed: building all the same"
                        + " (if it is no source, add --ignore 'app.log')",
                EventText.of(new Event.Unsettled(Path.of("app.log"), false)));
    }

    @Test
    void eachGenerationIsDescribedByItsState() {
        assertEquals(
                List.of(
                        "generation 1 (ended, but its threads run on): app.jar, 1 class",
                        "generation 2 (ended, but still in memory): app.jar, 20 classes",
                        "generation 3 (closing what it had begun): app.jar, 20 classes, 1 connection",
                        "generation 4 (finishing what it had begun): app.jar, 20 classes, 2 connections",
                        "generation 5 (live): app.jar, 20 classes, 2 connections",
                        "generation 6 (starting): app.jar, 20 classes, 2 connections"),
                EventText.describe(List.of(
                        generation(1, State.RUNNING_ON, 1, 0),
                        generation(2, State.ENDED, 20, 0),
                        generation(3, State.CUT_SHORT, 20, 1),
                        generation(4, State.DRAINING, 20, 2),
                        generation(5, State.LIVE, 20, 2),
                        generation(6, State.STARTING, 20, 2))));
    }

    private static Status.Generation generation(int number, State state, int classes, int connections) {
        return new Status.Generation(number, state, "app.jar", classes, connections, Instant.EPOCH);
    }

    @Test
    void aGenerationThatIsCutShortIsToldWithTheOptionsThatAllowMore() {
        assertEquals(
                "there are 3 generations: generation 1 is given no more time to finish"
                        + " (--max-generations, --drain-timeout)",
                EventText.of(new Event.Full(1, 3)));
    }

    @Test
    void whatIsWatchedByItsNameIsNeverSaidToBeIgnored() {
        Path here = Path.of("").toAbsolutePath();
        String restless = EventText.of(new Event.Restless(5, here.resolve("pom.xml"), true));
        String unsettled = EventText.of(new Event.Unsettled(here.resolve("pom.xml"), true));
        assertTrue(
                restless.endsWith("(if the build or the application writes there, take it out of --watch)"), restless);
        assertTrue(unsettled.endsWith("(if it is no source, take it out of --watch)"), unsettled);
    }

    @Test
    void aStopTellsHowLongItGoesOn() {
        Duration second = Duration.ofSeconds(1);
        assertEquals(
                "stopping: waiting up to 1.0 s for what was begun (a second signal ends at once)",
                EventText.of(new Event.Stopping(Duration.ZERO, second)));
        assertEquals(
                "stopping: accepting for 1.0 s more, then waiting up to 1.0 s for what was begun (a second signal ends at"
                        + " once)",
                EventText.of(new Event.Stopping(second, second)));
    }

    @Test
    void servingTellsWhatWaitedOnlyIfSomethingDid() {
        Duration ms = Duration.ofMillis(1);
        assertEquals(
                "generation 2 serving app.jar: loaded 1 ms, started 2 ms",
                EventText.of(new Event.Serving(2, "app.jar", ms, ms.multipliedBy(2), Instant.EPOCH, Held.NONE)));
        assertEquals(
                "generation 2 serving app.jar: loaded 1 ms, started 2 ms, held 1 connection for at most 3 ms",
                EventText.of(new Event.Serving(
                        2, "app.jar", ms, ms.multipliedBy(2), Instant.EPOCH, new Held(1, ms.multipliedBy(3)))));
        assertEquals(
                "generation 2 serving app.jar: loaded 1 ms, started 2 ms, held 2 connections for at most 3 ms",
                EventText.of(new Event.Serving(
                        2, "app.jar", ms, ms.multipliedBy(2), Instant.EPOCH, new Held(2, ms.multipliedBy(3)))));
    }

    @Test
    void aFailureTellsWhoServesNow() {
        Problem problem = Problem.of("no build");
        assertEquals("no build\n  waiting for the next build", EventText.of(new Event.Failed(problem, Next.WAITING)));
        assertEquals(
                "no build\n  stopping, as --fail-fast asks for", EventText.of(new Event.Failed(problem, Next.ENDING)));
        assertEquals(
                "no build\n  the generation before keeps serving",
                EventText.of(new Event.Failed(problem, Next.OLD_SERVES)));
        assertEquals(
                "no build\n  a build of what has changed since follows",
                EventText.of(new Event.Failed(problem, Next.SUPERSEDED)));
    }

    @Test
    void aFailureCanBeToldWithOtherDetails() {
        Problem problem = new Problem("no\u0007 build", List.of(new Problem.Cause("why", List.of())));
        assertEquals(
                "no\ufffd build\n  waiting for the next build",
                EventText.brief(new Event.Failed(problem, Next.WAITING)));
        assertEquals(
                "no\ufffd build\n  one\n  two\ufffd\n  waiting for the next build",
                EventText.with(new Event.Failed(problem, Next.WAITING), List.of("one", "two\r")));
    }

    @Test
    void whatWillNotStopNamesItself() {
        assertEquals(
                "generation 4 still holds 2 connections after 30.0 s: closing them",
                EventText.of(new Event.DrainTimedOut(4, 2, Duration.ofSeconds(30))));
    }

    @Test
    void aLongDrainTellsHowManyConnectionsItIsAboutAndHowLongItMayTake() {
        assertEquals(
                "generation 4 finishes what it had begun on 2 connections, within 30.0 s",
                EventText.of(new Event.Draining(4, 2, Duration.ofSeconds(30))));
    }

    @Test
    void anEndTellsWhereEachConnectionWent() {
        Duration after = Duration.ofMillis(100);
        assertEquals(
                "generation 4 ended after 0.1 s", EventText.of(new Event.Ended(4, after, new Ledger(0, Map.of()))));
        assertEquals(
                "generation 4 ended after 0.1 s; 1 connection: 1 moved on idle",
                EventText.of(new Event.Ended(4, after, new Ledger(0, Map.of(Departure.MOVED_IDLE, 1L)))));
        Map<Departure, Long> all = Arrays.stream(Departure.values())
                .collect(toMap(
                        how -> how, how -> 1L + List.of(Departure.values()).indexOf(how)));
        assertEquals(
                "generation 4 ended after 0.1 s; 36 connections: 1 moved on idle, 2 moved on after a response,"
                        + " 3 handed off, 4 finished, 5 ended by the peer, 6 ended by the application,"
                        + " 7 closed at the deadline, 8 closed (9 with a request that waited)",
                EventText.of(new Event.Ended(4, after, new Ledger(9, all))));
    }

    @Test
    void aGenerationThatCantBeEndedIsToldWithWhatItCosts() {
        assertEquals(
                "generation 7 ended, but 1 thread of it can't be ended: close() did not return:\n"
                        + "    > at a.B.c(B.java:1)\n"
                        + "  it stays in memory until that ends or the supervisor is restarted: 10 classes; the metaspace"
                        + " holds 22 MiB",
                EventText.of(new Event.RunsOn(
                        7, List.of("close() did not return:\n    > at a.B.c(B.java:1)"), 1, 10, 22L << 20)));
    }

    @Test
    void ofThousandsOfLinesTheFirstAreTold() {
        String text = EventText.of(new Event.LeftBehind(
                7,
                IntStream.rangeClosed(1, 1000)
                        .mapToObj(number -> "thread " + number)
                        .toList()));
        assertTrue(text.startsWith("generation 7 left behind: \n  thread 1\n  thread 2\n"), text);
        assertTrue(text.endsWith("\n  thread 30\n  and 970 more"), text);
    }

    @Test
    void aServiceManagerIsToldInOneLineWithoutTheOutputOfABuild() {
        Problem problem = new Problem("no\nREADY=1\u001b[31m", List.of(), List.of(), List.of("output"), 0);
        assertEquals(
                "no; READY=1; waiting for the next build", EventText.line(new Event.Failed(problem, Next.WAITING)));
        assertEquals("changed: a; b", EventText.line(new Event.Changed(Path.of("a\nb"))));
    }
}
