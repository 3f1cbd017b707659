package dev.supervisor.bench.figures;

/**
 * What JMH has measured of one method, in nanoseconds.
 *
 * @param parameters as in {@code server=plain}; empty if there are none
 * @param error half of the confidence interval of 99.9%
 * @param samples how many iterations, in all forks
 */
public record JmhFigures(String benchmark, String parameters, double nanos, double error, long samples) {}
