package dev.supervisor.bench.figures;

/**
 * The rates of wrk and {@code supervisor load-test} against the same server, in requests per second.
 *
 * @param ratio of load-test to wrk in the same round
 */
public record LoadGeneratorFigures(String mode, int connections, Quantiles wrk, Quantiles loadTest, Quantiles ratio) {}
