package dev.supervisor.bench.figures;

import java.util.List;

/**
 * How long swaps of the demo took; all times in milliseconds.
 *
 * @param cold the first swap of a JVM
 * @param longestConnecting the longest wait for an answer with a connection for each request
 * @param longestKeptAlive the longest wait for an answer on a keep-alive connection
 * @param swaps each swap that {@code warm} sums up
 */
public record SwapTimeFigures(
        double cold,
        Quantiles warm,
        double longestConnecting,
        double longestKeptAlive,
        long answers,
        int failures,
        List<Double> swaps) {}
