package dev.supervisor.load;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a load test, as it is written in JSON, where null is left out. Times are in milliseconds, or in seconds
 * since the end of the warm-up where they are called {@code at}.
 *
 * @param rate requests a second that were due; null in the closed model
 * @param seconds from the end of the warm-up to the last request
 * @param interrupted whether the test was ended early
 * @param address the tested address of the URL's host
 * @param requests that were sent
 * @param answers the good ones, to which alone latencies refer
 * @param latency mean, percentiles (p50, …) and max; empty without answers
 * @param percentiles the curve: pairs of a share below 1 and the latency that this share of the answers did not exceed
 * @param failed requests that failed or were due and never sent, and answers without a request
 * @param failures the same by kind, all kinds
 * @param examples the first failure of each kind that occurred
 * @param unanswered requests that were under way when the load test was interrupted
 * @param unsent requests that were due before the end, and for which no connection was free; a kind of failure
 */
public record LoadResult(
        String url,
        String address,
        String model,
        @Nullable Double rate,
        String mode,
        int connections,
        int pipeline,
        int threads,
        String startedAt,
        double seconds,
        boolean interrupted,
        long requests,
        long answers,
        double requestsPerSecond,
        Map<String, Double> latency,
        List<double[]> percentiles,
        long failed,
        Map<String, Long> failures,
        List<Example> examples,
        long unanswered,
        long unsent,
        LongestStall longestStall,
        long connectionsOpened,
        long connectionsClosedByPeer,
        List<ReloadResult> reloads,
        List<Sample> samples) {

    /** The first failure of a kind. */
    public record Example(String kind, double at, String detail) {}

    /** The longest time in which requests waited and none was answered well. */
    public record LongestStall(double millis, double at) {}

    /**
     * @param changeMillis how long making the change took
     * @param firstAnswerMillis from the beginning of the change to the first answer of a new version; null if none was
     *     seen
     * @param longestWaitMillis the longest of the requests that were answered between this reload and the next
     * @param failures between this reload and the next
     * @param version the new one
     * @param error why the reload itself failed
     */
    public record ReloadResult(
            int number,
            double at,
            @Nullable Double changeMillis,
            @Nullable Double firstAnswerMillis,
            double longestWaitMillis,
            long failures,
            @Nullable Long version,
            @Nullable String error) {}

    /** A slice of time: latencies of its answers, null where there were none. */
    public record Sample(
            double at,
            double seconds,
            long answers,
            @Nullable Double p50,
            @Nullable Double p99,
            @Nullable Double max,
            long failures) {}

    /** Returns whether there was an answer, no request failed, and each reload was seen. */
    public boolean good() {
        return answers > 0 && failed == 0 && reloads.stream().noneMatch(reload -> reload.error() != null);
    }
}
