package dev.supervisor.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.Event;
import dev.supervisor.Held;
import dev.supervisor.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ServiceStatesTest {

    private static final Event SERVING =
            new Event.Serving(1, "app.jar", Duration.ZERO, Duration.ZERO, Instant.EPOCH, Held.NONE);
    private static final Event CHANGED = new Event.Changed(Path.of("app.jar"));
    private static final Event FAILED = new Event.Failed(Problem.of("broken"), Event.Failed.Next.WAITING);
    private static final Event STOPPING = new Event.Stopping(Duration.ZERO, Duration.ZERO);

    private final ServiceStates states = new ServiceStates(List.of("a", "b", "c"));

    private String told(String application, Event event) {
        return String.join(" ", states.assignments(application, event, 0));
    }

    @Test
    void isReadyWhenEachServesOrHasFailed() {
        assertEquals("", told("a", SERVING));
        assertEquals("", told("b", FAILED));
        assertEquals("READY=1", told("c", SERVING));
        assertEquals("", told("b", SERVING), "later");
    }

    @Test
    void isReadyAlsoIfTheLastOneCannotBeStarted() {
        assertEquals("", told("a", SERVING));
        assertEquals("", told("b", SERVING));
        assertEquals(List.of("READY=1"), states.notStarted("c"));
    }

    @Test
    void isNotReadyIfAllHaveFailed() {
        assertEquals("", told("a", FAILED));
        assertEquals("", told("b", FAILED));
        assertEquals("", told("c", FAILED));
        assertEquals("READY=1", told("b", SERVING));
    }

    @Test
    void reloadsUntilTheLastSwapHasEnded() {
        told("a", SERVING);
        told("b", SERVING);
        told("c", SERVING);
        assertEquals("RELOADING=1 MONOTONIC_USEC=0", told("a", CHANGED));
        assertEquals("", told("b", CHANGED));
        assertEquals("", told("a", SERVING));
        assertEquals("READY=1", told("b", FAILED));
        assertEquals("STOPPING=1", told("a", STOPPING));
        assertEquals("", told("b", STOPPING));
    }
}
