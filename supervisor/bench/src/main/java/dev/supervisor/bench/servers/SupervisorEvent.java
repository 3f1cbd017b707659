package dev.supervisor.bench.servers;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Optional;

/**
 * An event that a supervisor has written, by {@code --events json}.
 *
 * @param nanos when it was read, by {@link System#nanoTime}
 */
public record SupervisorEvent(JsonObject fields, long nanos) {

    private static final String BEGINNING = "{\"time\":";

    /** Returns the event in a line; empty if the line is no event. */
    public static Optional<SupervisorEvent> of(String line) {
        return line.startsWith(BEGINNING)
                ? Optional.of(new SupervisorEvent(JsonParser.parseString(line).getAsJsonObject(), System.nanoTime()))
                : Optional.empty();
    }

    public String name() {
        return fields.get("event").getAsString();
    }

    public boolean is(String name, int generation) {
        return name().equals(name) && generation() == generation;
    }

    /** Returns the generation that the event is about, or 0. */
    public int generation() {
        return fields.has("generation") ? fields.get("generation").getAsInt() : 0;
    }

    /** Returns a duration, in milliseconds. */
    public double millis(String field) {
        return fields.get(field).getAsDouble();
    }
}
