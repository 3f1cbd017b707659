package dev.supervisor.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.Event;
import dev.supervisor.Event.Failed.Next;
import dev.supervisor.Held;
import dev.supervisor.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ServiceStateTest {

    private static final Event CHANGED = new Event.Changed(Path.of("app.jar"));
    private static final Event ASKED = new Event.SwapAsked();
    private static final Event SERVING =
            new Event.Serving(1, "app.jar", Duration.ZERO, Duration.ZERO, Instant.EPOCH, Held.NONE);
    private static final Event UNCHANGED = new Event.Unchanged(1);
    private static final Event OUTDATED = new Event.Outdated(2);
    private static final Event STOPPING = new Event.Stopping(Duration.ZERO, Duration.ZERO);

    private static Event failed(Next next) {
        return new Event.Failed(Problem.of("no"), next);
    }

    /** Returns the first words of what is told at these events, at the times 0, 1, 2, … µs. */
    private static List<String> told(Event... events) {
        ServiceState state = ServiceState.STARTING;
        List<String> told = new ArrayList<>();
        for (int i = 0; i < events.length; i++) {
            List<String> assignments = state.assignments(state.after(events[i]), events[i], i * 1000L);
            if (!assignments.isEmpty()) {
                told.add(String.join(" ", assignments));
            }
            state = state.after(events[i]);
        }
        return told;
    }

    @Test
    void isReadyWhenTheFirstGenerationServes() {
        assertEquals(List.of(), told(CHANGED, failed(Next.WAITING), CHANGED, OUTDATED));
        assertEquals(List.of("READY=1"), told(CHANGED, failed(Next.WAITING), CHANGED, SERVING));
    }

    @Test
    void aSwapBeginsAndEnds() {
        assertEquals(List.of("READY=1", "RELOADING=1 MONOTONIC_USEC=1", "READY=1"), told(SERVING, CHANGED, SERVING));
        assertEquals(List.of("READY=1", "RELOADING=1 MONOTONIC_USEC=1", "READY=1"), told(SERVING, CHANGED, UNCHANGED));
    }

    @ParameterizedTest
    @EnumSource(
            value = Next.class,
            names = {"SUPERSEDED"},
            mode = EnumSource.Mode.EXCLUDE)
    void aSwapThatFailsEndsToo(Next next) {
        assertEquals(
                List.of("READY=1", "RELOADING=1 MONOTONIC_USEC=1", "READY=1"), told(SERVING, CHANGED, failed(next)));
    }

    @Test
    void aSwapThatIsFollowedByAnotherIsStillUnderWay() {
        assertEquals(
                List.of("READY=1", "RELOADING=1 MONOTONIC_USEC=1", "READY=1"),
                told(SERVING, CHANGED, failed(Next.SUPERSEDED), OUTDATED, CHANGED, SERVING, SERVING));
    }

    @Test
    void eachRequestIsAnswered() {
        assertEquals(
                List.of("READY=1", "RELOADING=1 MONOTONIC_USEC=1", "RELOADING=1 MONOTONIC_USEC=2", "READY=1"),
                told(SERVING, CHANGED, ASKED, SERVING));
    }

    @Test
    void aBuildThatServesAfterAFailureWithoutAChangeIsNoReload() {
        assertEquals(
                List.of("READY=1", "RELOADING=1 MONOTONIC_USEC=1", "READY=1"),
                told(SERVING, CHANGED, failed(Next.TRYING_AGAIN), SERVING));
    }

    @Test
    void stopsOnceAndForAll() {
        assertEquals(List.of("READY=1", "STOPPING=1"), told(SERVING, STOPPING, STOPPING, CHANGED, SERVING));
    }
}
