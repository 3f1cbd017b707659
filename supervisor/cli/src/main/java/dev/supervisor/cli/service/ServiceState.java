package dev.supervisor.cli.service;

import dev.supervisor.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How the supervisor is, in the words of {@code sd_notify(3)}. */
enum ServiceState {
    /** The first generation is being made. */
    STARTING,
    /** No build has served yet, and the first one has failed. */
    FAILED,
    READY,
    /** A swap is under way. */
    RELOADING,
    STOPPING;

    /** Returns the state after an event. Each swap ends, made or not; what follows it without a change is part of none. */
    ServiceState after(Event event) {
        if (this == STOPPING || event instanceof Event.Stopping) {
            return STOPPING;
        }
        if (event instanceof Event.Serving) {
            return READY;
        }
        if (isBeginOfSwap(event)) {
            return this == READY ? RELOADING : this;
        }
        if (isEndInVain(event)) {
            return this == STARTING ? FAILED : this == RELOADING ? READY : this;
        }
        return this;
    }

    private static boolean isBeginOfSwap(Event event) {
        return event instanceof Event.Changed
                || event instanceof Event.SwapAsked
                || event instanceof Event.RollbackAsked
                || (event instanceof Event.Resumed resumed && resumed.swaps());
    }

    private static boolean isEndInVain(Event event) {
        return event instanceof Event.Failed failed
                ? failed.next() != Event.Failed.Next.SUPERSEDED
                : event instanceof Event.Unchanged;
    }

    /**
     * Returns the assignments that lead from this state to the next one, after the event; none if there is nothing to tell. A
     * service manager that has asked for a reload waits for one that began later than its signal: each request is answered.
     *
     * @param nanos of the monotonic clock
     */
    List<String> assignments(ServiceState next, Event event, long nanos) {
        List<String> assignments = new ArrayList<>();
        if (next == RELOADING && (next != this || event instanceof Event.SwapAsked)) {
            assignments.add("RELOADING=1");
            assignments.add("MONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(nanos));
        } else if (next == READY && next != this) {
            assignments.add("READY=1");
        } else if (next == STOPPING && next != this) {
            assignments.add("STOPPING=1");
        }
        return assignments;
    }
}
