package dev.supervisor.load;

import dev.supervisor.load.LoadResult.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** Sums latencies up: in slices of time, of the last second, and in all. Belongs to one thread. */
final class Measurement {

    private static final double NANOS = 1e9;
    private static final long SECOND = 1_000_000_000;

    private final Crew crew;
    private final long start;
    private final Histogram slice = Latencies.histogram();
    private final Histogram second = Latencies.histogram();
    private final Histogram all = Latencies.histogram();
    private final List<Sample> samples = new ArrayList<>();
    private long sliceBegan;
    private long secondBegan;
    private long failedBefore;

    Measurement(Crew crew, long start) {
        this.crew = crew;
        this.start = start;
        sliceBegan = start;
        secondBegan = start;
    }

    /** Ends the slice. */
    void sample() {
        long now = System.nanoTime();
        crew.takeLatencies(slice);
        long failed = crew.failed();
        samples.add(new Sample(
                Latencies.seconds(sliceBegan - start),
                Latencies.seconds(now - sliceBegan),
                slice.getTotalCount(),
                Latencies.millis(slice.getValueAtPercentile(50)),
                Latencies.millis(slice.getValueAtPercentile(99)),
                Latencies.millis(slice.getMaxValue()),
                failed - failedBefore));
        failedBefore = failed;
        second.add(slice);
        all.add(slice);
        slice.reset();
        sliceBegan = now;
    }

    /** If another second has passed since the start. */
    Optional<Progress> takeProgress(int reloads) {
        long now = System.nanoTime();
        if ((now - start) / SECOND == (secondBegan - start) / SECOND) {
            return Optional.empty();
        }
        Progress progress = new Progress(
                Latencies.seconds(now - start),
                second.getTotalCount() / ((now - secondBegan) / NANOS),
                Latencies.millis(second.getValueAtPercentile(50)),
                Latencies.millis(second.getValueAtPercentile(99)),
                Latencies.millis(second.getMaxValue()),
                crew.underWay(),
                reloads,
                failedBefore);
        second.reset();
        secondBegan = now;
        return Optional.of(progress);
    }

    Histogram all() {
        return all;
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }
}
