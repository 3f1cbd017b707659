package dev.supervisor.load;

import java.time.Duration;

/**
 * The length of the test.
 *
 * @param duration from the end of the warm-up
 * @param warmUp how long requests are sent before anything counts
 * @param sample the width of a slice of time, for which latencies are summed up
 */
public record TestDuration(Duration duration, Duration warmUp, Duration sample) {

    /** Browsers can't show a page with more slices smoothly. */
    private static final int MOST_SAMPLES = 100_000;

    public TestDuration {
        Limits.check("the duration", duration);
        Limits.check("the warm-up", warmUp);
        Limits.check("the sample", sample);
        if (duration.toMillis() < 1) {
            throw new LoadTestException("the duration must be at least 1ms");
        }
        if (sample.toMillis() < 1 || duration.dividedBy(sample) > MOST_SAMPLES) {
            throw new LoadTestException("a sample of " + sample.toMillis() + "ms does not fit a duration of "
                    + duration.toMillis() + "ms: at least 1ms, and at most " + MOST_SAMPLES + " samples");
        }
    }
}
