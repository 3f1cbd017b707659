package dev.supervisor.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.Held;
import dev.supervisor.Problem;
import dev.supervisor.Protocol;
import dev.supervisor.Status;
import dev.supervisor.Status.Condition;
import dev.supervisor.Status.State;
import dev.supervisor.Tally;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class StatusTextTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8888);
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-30T12:00:00Z"), ZoneOffset.UTC);

    private static Status status(Condition condition, Status.Steering steering, Status.Swaps swaps, State... states) {
        return status(
                condition,
                steering,
                swaps,
                Arrays.stream(states)
                        .map(state -> generation(Arrays.asList(states).indexOf(state) + 1, state, Instant.EPOCH))
                        .toList());
    }

    private static Status status(
            Condition condition, Status.Steering steering, Status.Swaps swaps, List<Status.Generation> generations) {
        return new Status(
                condition, steering, generations, List.of(socket()), swaps, Optional.empty(), Optional.empty());
    }

    private static Status.Generation generation(int number, State state, Instant since) {
        return new Status.Generation(number, state, "app.jar", 1, 1, since);
    }

    private static Status.Socket socket() {
        return new Status.Socket(
                "http", Protocol.HTTP, ADDRESS, new Tally(1, 1, 0), Status.Waits.NONE, Map.of(), 0, Optional.empty());
    }

    private static Status.Steering steering(boolean paused, boolean noted, boolean draining, boolean clientsTold) {
        return new Status.Steering(paused, noted, draining, clientsTold, List.of());
    }

    private static List<String> text(Status status) {
        return new StatusText(Problem::summary, NOON)
                .of(7, "1", Duration.ZERO, List.of("control socket /run/7.sock"), List.of("app"), List.of(status))
                .lines()
                .toList();
    }

    /** Returns the lines without the times, and without that of the versions. */
    private static List<String> lines(Status status) {
        return text(status).stream()
                .filter(line -> !line.startsWith("  supervisor 1"))
                .map(line -> line.replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "TIME"))
                .toList();
    }

    @Test
    void oneThingIsNotCalledSeveral() {
        assertEquals(
                List.of(
                        "process 7: app is serving on 127.0.0.1:8888",
                        "  control socket /run/7.sock",
                        "  generation 1, live since TIME: app.jar, 1 class, 1 connection",
                        "  socket http, http on 127.0.0.1:8888: 1 open, 0 waiting, 1 accepted"),
                lines(status(Condition.SERVING, Status.Steering.NONE, Status.Swaps.NONE, State.LIVE)));
    }

    @Test
    void aPauseSaysWhetherSomethingWaits() {
        List<String> idle = lines(status(Condition.PAUSED, steering(true, false, false, false), Status.Swaps.NONE));
        assertEquals("process 7: app is serving on 127.0.0.1:8888 (paused)", idle.get(0));
        assertEquals("  paused: what changes is noted, and swapped after 'supervisor resume'", idle.get(2));
        assertEquals(
                "  paused: something has changed, and is swapped after 'supervisor resume'",
                lines(status(Condition.PAUSED, steering(true, true, false, false), Status.Swaps.NONE))
                        .get(2));
    }

    @Test
    void aProgramsClientsAreNotToldToLeave() {
        assertEquals(
                "  draining: clients are told to leave, until 'supervisor resume'",
                lines(status(Condition.DRAINING, steering(false, false, true, true), Status.Swaps.NONE))
                        .get(2));
        Status program = status(Condition.DRAINING, steering(false, false, true, false), Status.Swaps.NONE);
        assertEquals(
                "  draining: /readyz of --admin says so, until 'supervisor resume'; clients of a program are not told",
                lines(program).get(2));
        assertEquals(
                "draining: /readyz of --admin says so, but clients of a program are not told",
                SteeringText.draining(program));
    }

    @Test
    void whatHasEndedSaysWhyItIsListed() {
        assertEquals(
                List.of(
                        "  generation 1, ended since TIME: app.jar, 1 class not collected",
                        "  generation 2, ended since TIME: app.jar, 1 class in memory, since threads of it run on",
                        "  generation 3, kept (for --watch-errors) since TIME: app.jar, 1 class, 1 connection"),
                lines(status(
                                Condition.SERVING,
                                Status.Steering.NONE,
                                Status.Swaps.NONE,
                                State.ENDED,
                                State.RUNNING_ON,
                                State.KEPT))
                        .subList(2, 5));
        assertEquals(
                "  3 generations from 1 to 1, ended: 3 classes not collected",
                lines(status(
                                Condition.SERVING,
                                Status.Steering.NONE,
                                Status.Swaps.NONE,
                                State.ENDED,
                                State.ENDED,
                                State.ENDED))
                        .get(2));
    }

    @Test
    void nobodyHasRolledBackWhatErrorsHaveBroughtBack() {
        Status.Swap swap = new Status.Swap(
                2,
                Status.Result.FAILED,
                OptionalInt.of(2),
                Status.Trigger.BROUGHT_BACK,
                Instant.EPOCH,
                Duration.ZERO,
                List.of(),
                Held.NONE,
                Optional.empty());
        Status.Swaps swaps = new Status.Swaps(List.of(swap), Map.of(), Map.of(), Status.Distribution.NONE, 0);
        assertEquals(
                "  last swap: failed, TIME, generation 2 made too many errors, and the one before was brought back",
                lines(status(Condition.FAILED, Status.Steering.NONE, swaps)).get(3));
    }

    @Test
    void timesOfTodayHaveNoDate() {
        List<Status.Generation> generations = List.of(
                generation(1, State.DRAINING, Instant.parse("2026-11-29T23:59:59Z")),
                generation(2, State.LIVE, Instant.parse("2026-11-30T00:00:00Z")));
        assertEquals(
                List.of(
                        "  generation 1, draining since 2026-11-29 23:59:59: app.jar, 1 class, 1 connection",
                        "  generation 2, live since 00:00:00: app.jar, 1 class, 1 connection"),
                text(status(Condition.SERVING, Status.Steering.NONE, Status.Swaps.NONE, generations))
                        .subList(3, 5));
    }

    @Test
    void buildsForARollbackHaveTheirGenerations() {
        List<Status.KeptBuild> kept = List.of(
                new Status.KeptBuild(7, "shop.jar", Optional.empty(), Instant.EPOCH, true),
                new Status.KeptBuild(6, "shop.jar", Optional.empty(), Instant.EPOCH, false));
        assertEquals(
                "  builds for a rollback: 7 shop.jar (live), 6 shop.jar",
                lines(status(
                                Condition.SERVING,
                                new Status.Steering(false, false, false, false, kept),
                                Status.Swaps.NONE))
                        .get(3));
    }

    @Test
    void aResumeSaysWhatServes() {
        Status.KeptBuild former = new Status.KeptBuild(3, "app.jar", Optional.empty(), Instant.EPOCH, true);
        Status.KeptBuild newest = new Status.KeptBuild(2, "app.jar", Optional.empty(), Instant.EPOCH, false);
        Status rolledBack = status(
                Condition.SERVING,
                new Status.Steering(false, false, false, false, List.of(newest, former)),
                Status.Swaps.NONE);
        assertEquals("resumed, and a swap of what has changed follows", SteeringText.resumed(rolledBack, true));
        assertEquals(
                "resumed; nothing has changed since the rollback, so that the former build serves until something does"
                        + " ('supervisor swap' takes the newest one)",
                SteeringText.resumed(rolledBack, false));
        assertEquals(
                "resumed",
                SteeringText.resumed(status(Condition.SERVING, Status.Steering.NONE, Status.Swaps.NONE), false));
    }
}
