package dev.supervisor.bench.figures;

/**
 * The result of JMH for one method, in nanoseconds.
 *
 * @param parameters in the form {@code server=plain}; empty if there are none
 * @param error half of the confidence interval of 99.9%
 * @param samples the number of iterations in all forks
 */
public record JmhFigures(String benchmark, String parameters, double nanos, double error, long samples) {}
