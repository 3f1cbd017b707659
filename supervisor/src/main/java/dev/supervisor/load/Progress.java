package dev.supervisor.load;

/**
 * What is shown while it runs, of about the last second; latencies in milliseconds.
 *
 * @param seconds since the end of the warm-up
 */
public record Progress(
        double seconds, double rate, double p50, double p99, double max, int underWay, int reloads, long failures) {}
