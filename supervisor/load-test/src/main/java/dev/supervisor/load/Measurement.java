package dev.supervisor.load;

import dev.supervisor.load.LoadResult.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Sums up latencies: for each slice of time, for the last second, and in all. Belongs to one thread. */
final class Measurement {

    private static final double NANOS = 1e9;
    private static final long SECOND = 1_000_000_000;

    private final Workers workers;
    private final long start;
    private final Histogram slice = Latencies.histogram();
    private final Histogram second = Latencies.histogram();
    private final Histogram all = Latencies.histogram();
    private final List<Sample> samples = new ArrayList<>();
    private long sliceBegan;
    private long secondBegan;
    private long failedBefore;

    Measurement(Workers workers, long start) {
        this.workers = workers;
        this.start = start;
        sliceBegan = start;
        secondBegan = start;
    }

    /** Ends a slice of time. */
    void sample() {
        long now = System.nanoTime();
        workers.takeLatencies(slice);
        long failed = workers.failed();
        samples.add(new Sample(
                Latencies.seconds(sliceBegan - start),
                Latencies.seconds(now - sliceBegan),
                slice.getTotalCount(),
                percentile(slice, 50),
                percentile(slice, 99),
                percentile(slice, 100),
                failed - failedBefore));
        failedBefore = failed;
        second.add(slice);
        all.add(slice);
        slice.reset();
        sliceBegan = now;
    }

    /** Returns the progress, if another second has passed since the start. */
    Optional<LoadProgress> takeProgress(int reloads) {
        long now = System.nanoTime();
        if ((now - start) / SECOND == (secondBegan - start) / SECOND) {
            return Optional.empty();
        }
        LoadProgress progress = new LoadProgress(
                Latencies.seconds(now - start),
                second.getTotalCount() / ((now - secondBegan) / NANOS),
                percentile(second, 50),
                percentile(second, 99),
                percentile(second, 100),
                workers.underWay(),
                reloads,
                failedBefore);
        second.reset();
        secondBegan = now;
        return Optional.of(progress);
    }

    private static @Nullable Double percentile(Histogram latencies, double percentile) {
        return latencies.getTotalCount() == 0 ? null : Latencies.millis(latencies.getValueAtPercentile(percentile));
    }

    Histogram all() {
        return all;
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }
}
