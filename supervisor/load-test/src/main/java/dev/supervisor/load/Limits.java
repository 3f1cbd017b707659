package dev.supervisor.load;

import java.time.Duration;

/** The largest values of options: sums of some of them, in nanoseconds, do not overflow. */
final class Limits {

    /** Requests a second. Times are in nanoseconds, so that no two requests could be told apart at a higher rate. */
    static final long RATE = 1_000_000_000;

    private static final Duration DURATION = Duration.ofHours(1000);

    private Limits() {}

    /** @throws LoadTestException if the duration is too long */
    static void check(String what, Duration duration) {
        if (duration.compareTo(DURATION) > 0) {
            throw new LoadTestException(
                    what + " can't be " + duration.toSeconds() + "s: it must be at most " + DURATION.toHours() + "h");
        }
    }
}
