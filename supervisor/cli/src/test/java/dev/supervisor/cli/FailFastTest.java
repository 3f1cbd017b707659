package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Event;
import dev.supervisor.Event.Failed.Next;
import dev.supervisor.Held;
import dev.supervisor.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class FailFastTest {

    private static final Event SERVING =
            new Event.Serving(1, "app.jar", Duration.ZERO, Duration.ZERO, Instant.EPOCH, Held.NONE);

    private final AtomicInteger stops = new AtomicInteger();
    private final FailFast failFast = new FailFast(stops::incrementAndGet);

    private static Event failed(Next next) {
        return new Event.Failed(Problem.of("broken"), next);
    }

    private Event accept(Event event) {
        Event told = failFast.judge(event);
        failFast.stopIfFailed();
        return told;
    }

    @Test
    void theFirstFailureStopsOnce() {
        accept(new Event.Building("make"));
        assertFalse(failFast.hasFailed());
        assertEquals(failed(Next.ENDING), accept(failed(Next.WAITING)), "nothing is waited for");
        assertEquals(failed(Next.WAITING), accept(failed(Next.WAITING)));
        assertTrue(failFast.hasFailed());
        assertEquals(1, stops.get());
    }

    @Test
    void aFailureAfterTheFirstServedIsNone() {
        accept(SERVING);
        accept(failed(Next.WAITING));
        assertFalse(failFast.hasFailed());
        assertEquals(0, stops.get());
    }

    @Test
    void aBuildThatIsOutdatedHasNotFailedYet() {
        accept(failed(Next.SUPERSEDED));
        assertFalse(failFast.hasFailed());
        accept(SERVING);
        assertEquals(0, stops.get());
    }
}
