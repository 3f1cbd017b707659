package dev.supervisor.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/** Latencies in nanoseconds, to three digits, from a microsecond to an hour. */
final class Latencies {

    private static final long LOWEST = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long HIGHEST = TimeUnit.HOURS.toNanos(1);
    private static final int DIGITS = 3;

    private Latencies() {}

    /** Returns a recorder for one thread that records, and another that takes. */
    static SingleWriterRecorder recorder() {
        return new SingleWriterRecorder(LOWEST, HIGHEST, DIGITS);
    }

    static Histogram histogram() {
        return new Histogram(LOWEST, HIGHEST, DIGITS);
    }

    /** Converts to milliseconds, rounded to the microsecond. */
    static double millis(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }

    /** Converts to seconds, rounded to the microsecond. */
    static double seconds(long nanos) {
        return Math.round(nanos / 1e3) / 1e6;
    }

    static void record(SingleWriterRecorder recorder, long nanos) {
        recorder.recordValue(Math.min(Math.max(nanos, 0), HIGHEST));
    }
}
