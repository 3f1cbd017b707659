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

    @Test
    void theFirstFailureStopsOnce() {
        failFast.accept(new Event.Building("make"));
        assertFalse(failFast.hasFailed());
        failFast.accept(failed(Next.WAITING));
        failFast.accept(failed(Next.WAITING));
        assertTrue(failFast.hasFailed());
        assertEquals(1, stops.get());
    }

    @Test
    void aFailureAfterTheFirstServedIsNone() {
        failFast.accept(SERVING);
        failFast.accept(failed(Next.WAITING));
        assertFalse(failFast.hasFailed());
        assertEquals(0, stops.get());
    }

    @Test
    void aBuildThatIsOutdatedHasNotFailedYet() {
        failFast.accept(failed(Next.SUPERSEDED));
        assertFalse(failFast.hasFailed());
        failFast.accept(SERVING);
        assertEquals(0, stops.get());
    }
}
