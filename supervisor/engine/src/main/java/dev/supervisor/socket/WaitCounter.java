package dev.supervisor.socket;

import dev.supervisor.Status.Waits;
import dev.supervisor.counts.Durations;
import dev.supervisor.flight.Flight;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the connections that wait at a gate. Thread-safe. */
final class WaitCounter {

    private final String socket;
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();
    private final Durations times = new Durations();

    /** @param socket its name, for recordings */
    WaitCounter(String socket) {
        this.socket = socket;
    }

    void began() {
        now.incrementAndGet();
        total.incrementAndGet();
    }

    void ended(long nanos) {
        ended(nanos, false);
    }

    /** A connection has waited for too long, and its wait ends. */
    void expired(long nanos) {
        expired.incrementAndGet();
        ended(nanos, true);
    }

    private void ended(long nanos, boolean hasExpired) {
        now.decrementAndGet();
        times.add(nanos);
        Flight.recorder().held(socket, nanos, hasExpired);
    }

    Waits waits() {
        return new Waits(now.get(), total.get(), expired.get(), times.distribution());
    }
}
