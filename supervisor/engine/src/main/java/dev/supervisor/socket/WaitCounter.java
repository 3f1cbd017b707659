package dev.supervisor.socket;

import dev.supervisor.Status.Waits;
import dev.supervisor.counts.Durations;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the connections that wait at a gate. Thread-safe. */
final class WaitCounter {

    private final AtomicInteger now = new AtomicInteger();
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();
    private final Durations times = new Durations();

    void began() {
        now.incrementAndGet();
        total.incrementAndGet();
    }

    void ended(long nanos) {
        now.decrementAndGet();
        times.add(nanos);
    }

    /** A connection has waited for too long, and its wait ends. */
    void expired(long nanos) {
        expired.incrementAndGet();
        ended(nanos);
    }

    Waits waits() {
        return new Waits(now.get(), total.get(), expired.get(), times.distribution());
    }
}
