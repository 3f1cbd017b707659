package dev.supervisor.bench.figures;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * The experience of clients while a rival was reloaded again and again. The figures of single reloads come from the
 * clients on keep-alive connections.
 *
 * @param commandMillis how long the command took that put the build in place
 * @param firstAnswerMillis from the beginning of that command to the first answer of the new build
 * @param stallMillis the longest time without any answer, in samples of some milliseconds
 * @param longestWaitMillis the longest wait of an answered request
 */
public record ReloadFigures(
        String rival,
        int reloads,
        Quantiles commandMillis,
        Quantiles firstAnswerMillis,
        Quantiles stallMillis,
        Quantiles longestWaitMillis,
        LoadTestOutcome keepAlive,
        LoadTestOutcome connecting,
        LoadTestOutcome slow) {

    private static final String ROW = "%-25s%8s%11s%8s%9s%8s%9s%10s%9s%7s%10s%8s%n";

    /**
     * Returns the figures of a rival.
     *
     * @param results of three load tests: on keep-alive connections, with a connection for each request, and with slow
     *     requests
     */
    public static ReloadFigures of(String rival, List<JsonObject> results) {
        JsonObject driving = results.get(0);
        List<JsonObject> reloads = StreamSupport.stream(
                        driving.getAsJsonArray("reloads").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
        return new ReloadFigures(
                rival,
                reloads.size(),
                Quantiles.of(values(reloads, "changeMillis")),
                Quantiles.of(values(reloads, "firstAnswerMillis")),
                Quantiles.of(
                        stalls(Throughput.of(driving), values(reloads, "at").toArray())),
                Quantiles.of(values(reloads, "longestWaitMillis")),
                LoadTestOutcome.of(driving),
                LoadTestOutcome.of(results.get(1)),
                LoadTestOutcome.of(results.get(2)));
    }

    private static DoubleStream values(List<JsonObject> reloads, String name) {
        return reloads.stream().mapToDouble(reload -> reload.get(name).getAsDouble());
    }

    /** Returns the longest stall between each reload and the next. */
    private static DoubleStream stalls(Throughput throughput, double[] at) {
        return IntStream.range(0, at.length)
                .mapToDouble(i ->
                        throughput.longestStallMillis(at[i], i + 1 < at.length ? at[i + 1] : Double.POSITIVE_INFINITY));
    }

    private List<LoadTestOutcome> all() {
        return List.of(keepAlive, connecting, slow);
    }

    /** Returns how many requests were not answered correctly, stale answers not counted. */
    public long failed() {
        return all().stream().mapToLong(LoadTestOutcome::unanswered).sum();
    }

    public long refused() {
        return failures("refused");
    }

    public long stale() {
        return failures("stale");
    }

    private long failures(String kind) {
        return all().stream().mapToLong(outcome -> outcome.failures(kind)).sum();
    }

    /** Returns how many slow requests were in flight and got no complete answer. */
    public long cut() {
        return slow.failures("reset", "closed", "timedOut");
    }

    public void printProgress() {
        System.out.printf("  first new answer after %.0f ms (median);", firstAnswerMillis.median());
        System.out.printf(
                " failures: %s%n", all().stream().map(LoadTestOutcome::failures).toList());
    }

    public static void print(List<ReloadFigures> all) {
        System.out.println();
        System.out.printf(
                ROW,
                "",
                "command",
                "first new",
                "answer",
                "stall",
                "",
                "longest",
                "failures",
                "of them",
                "stale",
                "closed",
                "cut");
        System.out.printf(
                ROW,
                "(ms)",
                "median",
                "median",
                "max",
                "median",
                "max",
                "wait",
                "",
                "refused",
                "",
                "keep-al.",
                "in fl.");
        all.forEach(ReloadFigures::printRow);
        System.out.println();
    }

    private void printRow() {
        System.out.printf(
                ROW,
                rival,
                String.format("%.1f", commandMillis.median()),
                String.format("%.1f", firstAnswerMillis.median()),
                String.format("%.0f", firstAnswerMillis.maximum()),
                String.format("%.0f", stallMillis.median()),
                String.format("%.0f", stallMillis.maximum()),
                String.format("%.0f", longestWaitMillis.maximum()),
                failed(),
                refused(),
                stale(),
                keepAlive.closed(),
                cut());
    }
}
