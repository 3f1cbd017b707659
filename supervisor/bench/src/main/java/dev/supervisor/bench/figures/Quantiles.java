package dev.supervisor.bench.figures;

import java.util.Collection;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Quantiles of a repeated measurement; each is a measured value (the nearest rank). */
public record Quantiles(
        int count, double minimum, double p25, double median, double p75, double p90, double p99, double maximum) {

    public static <T> Quantiles of(Collection<T> measured, ToDoubleFunction<T> value) {
        return of(measured.stream().mapToDouble(value));
    }

    public static Quantiles of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return new Quantiles(
                sorted.length,
                sorted[0],
                at(0.25, sorted),
                at(0.5, sorted),
                at(0.75, sorted),
                at(0.9, sorted),
                at(0.99, sorted),
                sorted[sorted.length - 1]);
    }

    private static double at(double share, double[] sorted) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
}
