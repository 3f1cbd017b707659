package dev.supervisor.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.supervisor.text.VisibleText;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Formats lines for printing. Text never moves the cursor. In the formats {@code text} and {@code json} it can't pass
 * for another line either.
 */
interface LineFormat {

    /** Returns the line without a line feed at its end. */
    String format(Line line);

    /** Returns the format for a terminal: the text alone; a line of the log also has its time, level and logger. */
    static LineFormat terminal(ZoneId zone) {
        DateTimeFormatter time = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(zone);
        return line -> loggerOf(line)
                .map(logger -> String.format(
                        Locale.ROOT, "%s %-5s %s - %s", time.format(line.time()), line.level(), logger, visible(line)))
                .orElseGet(() -> visible(line));
    }

    /**
     * Returns the format with the time, the level, the application and the generation in brackets, and the text, whose further
     * lines are indented.
     */
    static LineFormat text(ZoneId zone) {
        DateTimeFormatter time =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX").withZone(zone);
        return line -> String.format(
                Locale.ROOT,
                "%s %-5s [%s%s] %s%s",
                time.format(line.time()),
                line.level(),
                line.application().map(name -> name + " ").orElse(""),
                line.generation().map(String::valueOf).orElse("-"),
                loggerOf(line).map(logger -> logger + " - ").orElse(""),
                visible(line).replaceAll("\n(?![ \t])", "\n  "));
    }

    /**
     * Returns the format with one JSON object a line: {@code time, level, event, app, generation, logger, message}. A
     * line without an application, a generation or a logger lacks that field.
     */
    static LineFormat json() {
        Gson gson = new GsonBuilder().disableHtmlEscaping().create();
        return line -> {
            JsonObject object = new JsonObject();
            object.addProperty("time", line.time().toString());
            object.addProperty("level", line.level().toString());
            object.addProperty("event", line.event());
            line.application().ifPresent(name -> object.addProperty("app", name));
            line.generation().ifPresent(generation -> object.addProperty("generation", generation));
            loggerOf(line).ifPresent(logger -> object.addProperty("logger", logger));
            object.addProperty("message", visible(line));
            return gson.toJson(object);
        };
    }

    /** Returns the logger's name in one line: an application may give it any text. */
    private static Optional<String> loggerOf(Line line) {
        return line.logger().map(name -> VisibleText.of(name).replace('\n', '\ufffd'));
    }

    private static String visible(Line line) {
        return VisibleText.of(line.text());
    }
}
