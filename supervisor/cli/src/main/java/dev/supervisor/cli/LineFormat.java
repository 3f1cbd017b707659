package dev.supervisor.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.supervisor.text.VisibleText;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** The form in which lines are printed. What text contains never ends a line, moves a cursor, or looks like another line. */
interface LineFormat {

    /** Returns the line without a line feed at its end. */
    String format(Line line);

    /** For people who look on: no times, but in the log. */
    static LineFormat terminal(ZoneId zone) {
        DateTimeFormatter time = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(zone);
        return line -> loggerOf(line)
                .map(logger -> String.format(
                        Locale.ROOT, "%s %-5s %s - %s", time.format(line.time()), line.level(), logger, visible(line)))
                .orElseGet(() -> visible(line));
    }

    /** The time, the level, the generation in brackets, and the text, whose further lines are indented. */
    static LineFormat text(ZoneId zone) {
        DateTimeFormatter time =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX").withZone(zone);
        return line -> String.format(
                Locale.ROOT,
                "%s %-5s [%s] %s%s",
                time.format(line.time()),
                line.level(),
                line.generation().map(String::valueOf).orElse("-"),
                loggerOf(line).map(logger -> logger + " - ").orElse(""),
                visible(line).replaceAll("\n(?![ \t])", "\n  "));
    }

    /** An object in one line: {@code time, level, event, generation, logger, message}, of which two may be missing. */
    static LineFormat json() {
        Gson gson = new GsonBuilder().disableHtmlEscaping().create();
        return line -> {
            JsonObject object = new JsonObject();
            object.addProperty("time", line.time().toString());
            object.addProperty("level", line.level().toString());
            object.addProperty("event", line.event());
            line.generation().ifPresent(generation -> object.addProperty("generation", generation));
            loggerOf(line).ifPresent(logger -> object.addProperty("logger", logger));
            object.addProperty("message", visible(line));
            return gson.toJson(object);
        };
    }

    /** Its name, which may be any text. */
    private static Optional<String> loggerOf(Line line) {
        return line.logger().map(name -> VisibleText.of(name).replace('\n', '\ufffd'));
    }

    private static String visible(Line line) {
        return VisibleText.of(line.text());
    }
}
