package dev.supervisor.cli;

import dev.supervisor.Event;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of the transcript or of the log, before it is formatted.
 *
 * @param event the stable name of the event, such as {@code drain-timed-out}; {@code log} for a line of the log
 * @param application the name of the application that the line is about, if there are several and it is about one
 * @param generation the number of the generation that the line is about, if it is about one
 * @param logger the name of the logger, for a line of the log
 * @param text English text of one or more lines, which may still hold control characters
 */
record Line(
        Instant time,
        Level level,
        String event,
        Optional<String> application,
        Optional<Integer> generation,
        Optional<String> logger,
        String text) {

    static final String LOG = "log";

    enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    static Line of(Optional<String> application, Event event, Instant time, Level level, String text) {
        return new Line(time, level, nameOf(event), application, generationOf(event), Optional.empty(), text);
    }

    /** Returns a line that belongs to no event, such as the answer to a key. */
    static Line named(String event, Instant time, Level level, String text) {
        return new Line(time, level, event, Optional.empty(), Optional.empty(), Optional.empty(), text);
    }

    /** Returns this line, as one about an application. */
    Line about(Optional<String> name) {
        return new Line(time, level, event, name, generation, logger, text);
    }

    /** Returns the name of the event's type in the form {@code drain-timed-out}. */
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
