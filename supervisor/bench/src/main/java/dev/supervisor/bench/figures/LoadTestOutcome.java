package dev.supervisor.bench.figures;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * The experience of the clients of one load test.
 *
 * @param closed connections that the server closed
 * @param failures the number of failures by kind, for the kinds that occurred
 * @param examples the first failure of each kind
 */
public record LoadTestOutcome(
        long requests,
        long answers,
        long opened,
        long closed,
        double longestStallMillis,
        double p50,
        double p99,
        double slowest,
        Map<String, Long> failures,
        List<String> examples) {

    static LoadTestOutcome of(JsonObject result) {
        JsonObject latency = result.getAsJsonObject("latency");
        return new LoadTestOutcome(
                result.get("requests").getAsLong(),
                result.get("answers").getAsLong(),
                result.get("connectionsOpened").getAsLong(),
                result.get("connectionsClosedByPeer").getAsLong(),
                result.getAsJsonObject("longestStall").get("millis").getAsDouble(),
                latency.get("p50").getAsDouble(),
                latency.get("p99").getAsDouble(),
                latency.get("max").getAsDouble(),
                failures(result.getAsJsonObject("failures")),
                StreamSupport.stream(result.getAsJsonArray("examples").spliterator(), false)
                        .map(JsonElement::toString)
                        .toList());
    }

    private static Map<String, Long> failures(JsonObject counts) {
        Map<String, Long> failures = new TreeMap<>();
        counts.entrySet()
                .forEach(kind -> failures.put(kind.getKey(), kind.getValue().getAsLong()));
        failures.values().removeIf(count -> count == 0);
        return failures;
    }

    long failures(String... kinds) {
        return List.of(kinds).stream()
                .mapToLong(kind -> failures.getOrDefault(kind, 0L))
                .sum();
    }

    /** Returns the number of failures without stale answers. */
    long unanswered() {
        return failures.values().stream().mapToLong(Long::longValue).sum() - failures("stale");
    }
}
