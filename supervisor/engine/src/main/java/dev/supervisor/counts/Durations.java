package dev.supervisor.counts;

import dev.supervisor.Status.Distribution;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Counts durations by their length. Thread-safe. */
public final class Durations {

    /** Upper bounds in seconds: from a swap of a small application to a build by a tool. */
    private static final List<Double> BOUNDS =
            List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0);

    private static final long[] BOUNDS_NANOS = BOUNDS.stream()
            .mapToLong(seconds -> Math.round(seconds * TimeUnit.SECONDS.toNanos(1)))
            .toArray();

    private final long[] counts = new long[BOUNDS_NANOS.length + 1];
    private long sumNanos;

    public synchronized void add(long nanos) {
        int i = 0;
        while (i < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[i]) {
            i++;
        }
        counts[i]++;
        sumNanos += nanos;
    }

    public synchronized Distribution distribution() {
        List<Long> copy = new ArrayList<>(counts.length);
        for (long count : counts) {
            copy.add(count);
        }
        return new Distribution(BOUNDS, copy, sumNanos / (double) TimeUnit.SECONDS.toNanos(1));
    }
}
