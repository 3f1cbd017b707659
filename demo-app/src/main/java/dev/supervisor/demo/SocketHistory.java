package dev.supervisor.demo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a WebSocket has lived through: the state that one build hands to the next. The next one may be newer than this
 * class, so what is missing has a default.
 *
 * @param messages how many have been answered, by all builds
 * @param generations the newest of those that had the connection, this one included, in their order
 */
record SocketHistory(long messages, List<String> generations) {

    private static final int MOST_GENERATIONS = 50;

    /** Returns the history of a connection that a generation gets from the one before, or from nobody. */
    static SocketHistory of(byte[] state, int generation) {
        Map<String, String> fields = UrlEncoded.decode(new String(state, StandardCharsets.UTF_8));
        Stream<String> former =
                Arrays.stream(fields.getOrDefault("generations", "").split(","));
        List<String> generations = Stream.concat(former, Stream.of(Integer.toString(generation)))
                .filter(each -> !each.isEmpty())
                .toList();
        int from = Math.max(0, generations.size() - MOST_GENERATIONS);
        return new SocketHistory(
                Long.parseLong(fields.getOrDefault("messages", "0")), generations.subList(from, generations.size()));
    }

    SocketHistory withMessage() {
        return new SocketHistory(messages + 1, generations);
    }

    Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("messages", Long.toString(messages));
        fields.put("generations", String.join(",", generations));
        return fields;
    }

    byte[] state() {
        return UrlEncoded.encode(fields()).getBytes(StandardCharsets.UTF_8);
    }
}
