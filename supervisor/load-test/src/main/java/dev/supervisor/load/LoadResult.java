package dev.supervisor.load;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a load test, as it is written in JSON, where null is left out. Times are in milliseconds, or in seconds
 * since the end of the warm-up if they are called {@code at}.
 *
 * @param rate the requests that were due, a second; null in the closed model
 * @param seconds from the end of the warm-up to the last request
 * @param interrupted whether the test was ended early
 * @param address the tested address of the URL's host
 * @param requests the number of sent requests
 * @param answers the number of good answers; latencies count only these
 * @param latency mean, percentiles (p50, …) and max; empty without answers
 * @param percentiles the curve: pairs of a share below 1 and the latency that this share of the answers did not exceed
 * @param failed requests that failed or were due and never sent, and answers without a request
 * @param failures the number of failures of every kind
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
     * @param changeMillis how long the reload command or the move of the build took
     * @param firstAnswerMillis from the beginning of the change to the first answer of a new version; null if there was
     *     none
     * @param longestWaitMillis the longest wait for an answer between this reload and the next
     * @param failures the number of failures between this reload and the next
     * @param version the new version
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

    /** A slice of time; latencies are null if it has no answers. */
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
