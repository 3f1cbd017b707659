package dev.supervisor.cli;

import dev.supervisor.Event;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of the transcript, or of the log, before it has a form.
 *
 * @param event its stable name, as {@code drain-timed-out}; {@code log} for a line of the log
 * @param generation that it is about, where it is about one
 * @param logger whose line it is, in the log
 * @param text for people, possibly of several lines; as it came
 */
record Line(
        Instant time, Level level, String event, Optional<Integer> generation, Optional<String> logger, String text) {

    static final String LOG = "log";

    enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    static Line of(Event event, Instant time, Level level, String text) {
        return new Line(time, level, nameOf(event), generationOf(event), Optional.empty(), text);
    }

    /** A line about no event: an answer to a key, say. */
    static Line named(String event, Instant time, Level level, String text) {
        return new Line(time, level, event, Optional.empty(), Optional.empty(), text);
    }

    /** The name of its type in the form {@code drain-timed-out}. */
    static String nameOf(Event event) {
        return event.getClass()
                .getSimpleName()
                .replaceAll("(?<=.)(?=\\p{Lu})", "-")
                .toLowerCase(Locale.ROOT);
    }

    private static Optional<Integer> generationOf(Event event) {
        return Arrays.stream(event.getClass().getRecordComponents())
                .filter(component -> component.getName().equals("generation") && component.getType() == int.class)
                .findFirst()
                .map(component -> (Integer) valueOf(component, event));
    }

    private static Object valueOf(RecordComponent component, Event event) {
        try {
            return component.getAccessor().invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
