package dev.supervisor.load;

import org.jspecify.annotations.Nullable;

/**
 * The figures shown while the test runs, for the last second; latencies in milliseconds, null where there were no
 * answers.
 *
 * @param seconds since the end of the warm-up
 */
public record LoadProgress(
        double seconds,
        double rate,
        @Nullable Double p50,
        @Nullable Double p99,
        @Nullable Double max,
        int underWay,
        int reloads,
        long failures) {}
