package dev.supervisor.load;

import dev.supervisor.load.Findings.Counts;
import dev.supervisor.load.LoadResult.Example;
import dev.supervisor.load.LoadResult.LongestStall;
import dev.supervisor.load.LoadResult.ReloadResult;
import io.netty.util.NetUtil;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.jspecify.annotations.Nullable;

/** Builds the result of a test that has ended. */
final class Summary {

    private static final double[] PERCENTILES = {50, 75, 90, 99, 99.9, 99.99};
    private static final int POINTS_PER_HALVING = 5;
    private static final double HUNDRED = 100;

    private final Request request;
    private final Load load;
    private final Workers workers;
    private final Measurement measurement;
    private final Reloads reloads;
    private final long start;

    /** @param start when the counts began, by {@link System#nanoTime} */
    Summary(Request request, Load load, Workers workers, Measurement measurement, Reloads reloads, long start) {
        this.request = request;
        this.load = load;
        this.workers = workers;
        this.measurement = measurement;
        this.reloads = reloads;
        this.start = start;
    }

    /** @param end when the last request was sent, by {@link System#nanoTime} */
    LoadResult result(Instant startedAt, long end, boolean interrupted, long unsent) {
        Histogram latencies = measurement.all();
        Counts counts = workers.counts();
        double seconds = Latencies.seconds(end - start);
        return new LoadResult(
                request.target().url(),
                NetUtil.toAddressString(request.target().address().getAddress()),
                load.rate().isPresent() ? "open" : "closed",
                load.rate().isPresent() ? load.rate().getAsDouble() : null,
                load.mode().name().toLowerCase(Locale.ROOT),
                load.connections(),
                load.pipeline(),
                load.threads(),
                startedAt.truncatedTo(ChronoUnit.MILLIS).toString(),
                seconds,
                interrupted,
                counts.requests(),
                latencies.getTotalCount(),
                latencies.getTotalCount() / seconds,
                latency(latencies),
                curve(latencies),
                workers.failed() + unsent,
                failures(unsent),
                examples(),
                counts.unanswered(),
                unsent,
                new LongestStall(
                        Latencies.millis(counts.stall().nanos()),
                        at(counts.stall().end() - counts.stall().nanos())),
                counts.opened(),
                counts.closedByPeer(),
                reloads.reloads().stream().map(this::result).toList(),
                measurement.samples());
    }

    private static Map<String, Double> latency(Histogram latencies) {
        Map<String, Double> latency = new LinkedHashMap<>();
        if (latencies.getTotalCount() == 0) {
            return latency;
        }
        latency.put("mean", Latencies.millis(Math.round(latencies.getMean())));
        for (double percentile : PERCENTILES) {
            String name = percentile == Math.rint(percentile) ? "p" + (int) percentile : "p" + percentile;
            latency.put(name, Latencies.millis(latencies.getValueAtPercentile(percentile)));
        }
        latency.put("max", Latencies.millis(latencies.getMaxValue()));
        return latency;
    }

    private static List<double[]> curve(Histogram latencies) {
        List<double[]> points = new ArrayList<>();
        for (HistogramIterationValue value : latencies.percentiles(POINTS_PER_HALVING)) {
            double share = value.getPercentileLevelIteratedTo() / HUNDRED;
            if (share < 1) {
                points.add(new double[] {share, Latencies.millis(value.getValueIteratedTo())});
            }
        }
        return points;
    }

    private Map<String, Long> failures(long unsent) {
        Map<String, Long> byKind = new LinkedHashMap<>();
        for (RequestFailure kind : RequestFailure.values()) {
            byKind.put(
                    kind.key(),
                    workers.failures().stream().mapToLong(f -> f.count(kind)).sum());
        }
        byKind.put(RequestFailure.UNSENT.key(), unsent);
        return byKind;
    }

    private List<Example> examples() {
        Map<String, Example> earliest = new LinkedHashMap<>();
        for (Failures failures : workers.failures()) {
            failures.first().forEach((kind, first) -> {
                Example example = new Example(kind.key(), at(first.at()), first.detail());
                earliest.merge(kind.key(), example, (one, other) -> one.at() <= other.at() ? one : other);
            });
        }
        return earliest.values().stream()
                .sorted(Comparator.comparingDouble(Example::at))
                .toList();
    }

    private ReloadResult result(Reloaded reload) {
        return new ReloadResult(
                reload.number,
                at(reload.begun),
                millisFromBegin(reload, reload.applied),
                millisFromBegin(reload, reload.firstAnswer),
                Latencies.millis(reload.window.longestWait()),
                reload.window.failures(),
                reload.firstAnswer == Reloaded.NEVER ? null : reload.version,
                reload.error);
    }

    private static @Nullable Double millisFromBegin(Reloaded reload, long time) {
        return time == Reloaded.NEVER ? null : Latencies.millis(time - reload.begun);
    }

    private double at(long time) {
        return Latencies.seconds(Math.max(0, time - start));
    }
}
