package dev.supervisor.check;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tells when a rate has become steady: when the answers in the last slices of time are not noticeably more than in those before.
 * Code gets faster in steps, as the JVM compiles it. Not thread-safe.
 */
final class SteadyRate {

    private static final int SLICES = 4;

    /** By how much the later slices may exceed the earlier ones. */
    private static final double MORE = 1.05;

    private final Deque<Long> counts = new ArrayDeque<>();

    /**
     * @param count how many answers came in the next slice
     * @return whether the rate is steady
     */
    boolean next(long count) {
        counts.add(count);
        if (counts.size() > 2 * SLICES) {
            counts.remove();
        }
        return counts.size() == 2 * SLICES && later() > 0 && later() <= MORE * earlier();
    }

    private long earlier() {
        return counts.stream().limit(SLICES).mapToLong(Long::longValue).sum();
    }

    private long later() {
        return counts.stream().skip(SLICES).mapToLong(Long::longValue).sum();
    }
}
