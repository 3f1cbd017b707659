package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.failure.Problem;
import dev.supervisor.socket.Gate.Held;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EventTest {

    private static InetSocketAddress address(String host, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    @Test
    void anHttpSocketIsPrintedAsAnAddressToClickOn() throws Exception {
        assertEquals(
                "~> http://127.0.0.1:8888/", new Event.Listening("http", "http", address("127.0.0.1", 8888)).text());
        assertEquals(
                "~> http://[0:0:0:0:0:0:0:1]:80/  (admin)",
                new Event.Listening("admin", "http", address("::1", 80)).text());
        assertEquals(
                "~> tcp://127.0.0.1:1883  (mqtt)",
                new Event.Listening("mqtt", "tcp", address("127.0.0.1", 1883)).text());
    }

    @Test
    void servingTellsWhatWaitedOnlyIfSomethingDid() {
        Duration ms = Duration.ofMillis(1);
        assertEquals(
                "generation 2 serving app.jar: loaded 1 ms, started 2 ms",
                new Event.Serving(2, "app.jar", ms, ms.multipliedBy(2), Held.NONE).text());
        assertEquals(
                "generation 2 serving app.jar: loaded 1 ms, started 2 ms, held 1 connection for at most 3 ms",
                new Event.Serving(2, "app.jar", ms, ms.multipliedBy(2), new Held(1, ms.multipliedBy(3))).text());
        assertEquals(
                "generation 2 serving app.jar: loaded 1 ms, started 2 ms, held 2 connections for at most 3 ms",
                new Event.Serving(2, "app.jar", ms, ms.multipliedBy(2), new Held(2, ms.multipliedBy(3))).text());
    }

    @Test
    void aFailureTellsWhoServesNow() {
        Problem problem = Problem.of("no build");
        assertEquals("no build\n  waiting for the next build", new Event.Failed(problem, false).text());
        assertEquals("no build\n  the generation before keeps serving", new Event.Failed(problem, true).text());
    }

    @Test
    void whatWillNotStopNamesItself() {
        assertEquals(
                "generation 4 still holds 2 connections after 30.0 s: closing them",
                new Event.DrainTimedOut(4, 2, Duration.ofSeconds(30)).text());
    }

    @Test
    void anEndTellsHowManyConnectionsMoved() {
        assertEquals("generation 4 ended after 0.1 s", new Event.Ended(4, Duration.ofMillis(100), 0).text());
        assertEquals(
                "generation 4 ended after 0.1 s, 1 connection moved on",
                new Event.Ended(4, Duration.ofMillis(100), 1).text());
    }
}
