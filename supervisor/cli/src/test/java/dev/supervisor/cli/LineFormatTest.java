package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.supervisor.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LineFormatTest {

    private static final Instant TIME = Instant.parse("2026-03-01T12:00:00.5Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Line changed(String path) {
        Event event = new Event.Changed(Path.of(path));
        return Line.of(Optional.empty(), event, TIME, Line.Level.INFO, EventText.of(event));
    }

    private static Line logged(String text) {
        return new Line(
                TIME, Line.Level.WARN, Line.LOG, Optional.empty(), Optional.of(3), Optional.of("com.acme.Shop"), text);
    }

    @Test
    void eventsHaveStableNames() {
        assertEquals("changed", changed("a").event());
        assertEquals("drain-timed-out", Line.nameOf(new Event.DrainTimedOut(1, 1, Duration.ZERO)));
        assertEquals("build-output", Line.nameOf(new Event.BuildOutput("")));
    }

    @Test
    void theGenerationIsThatOfTheEvent() {
        assertEquals(
                Optional.of(7),
                Line.of(Optional.empty(), new Event.Unchanged(7), TIME, Line.Level.INFO, "")
                        .generation());
        assertEquals(Optional.empty(), changed("a").generation());
    }

    @Test
    void onATerminalOnlyTheLogHasTimes() {
        LineFormat format = LineFormat.terminal(BERLIN);
        assertEquals("changed: a.jar", format.format(changed("a.jar")));
        assertEquals("13:00:00.500 WARN  com.acme.Shop - closed", format.format(logged("closed")));
    }

    @Test
    void textHasTimeLevelAndGeneration() {
        LineFormat format = LineFormat.text(BERLIN);
        assertEquals("2026-03-01T13:00:00.500+01:00 INFO  [-] changed: a.jar", format.format(changed("a.jar")));
        assertEquals("2026-03-01T13:00:00.500+01:00 WARN  [3] com.acme.Shop - closed", format.format(logged("closed")));
    }

    @Test
    void nothingInATextLooksLikeAnotherLine() {
        String forged = "a\n2026-03-01T13:00:00.500+01:00 ERROR [3] forged\n\tat b\u001b[2Jc\rd";
        assertEquals(
                "2026-03-01T12:00:00.500Z WARN  [3] com.acme.Shop - a\n"
                        + "  2026-03-01T13:00:00.500+01:00 ERROR [3] forged\n\tat bc\ufffdd",
                LineFormat.text(ZoneOffset.UTC).format(logged(forged)));
    }

    @Test
    void theNameOfALoggerIsMadeHarmlessToo() {
        Line line = new Line(
                TIME,
                Line.Level.WARN,
                Line.LOG,
                Optional.empty(),
                Optional.of(3),
                Optional.of("a\u009b2J\u202eb\nc"),
                "closed");
        String harmless = "a\ufffdb\ufffdc";
        assertEquals(
                "12:00:00.500 WARN  " + harmless + " - closed",
                LineFormat.terminal(ZoneOffset.UTC).format(line));
        assertEquals(
                "2026-03-01T12:00:00.500Z WARN  [3] " + harmless + " - closed",
                LineFormat.text(ZoneOffset.UTC).format(line));
        assertEquals(
                harmless,
                JsonParser.parseString(LineFormat.json().format(line))
                        .getAsJsonObject()
                        .get("logger")
                        .getAsString());
    }

    @Test
    void jsonIsOneObjectInOneLine() {
        String line = LineFormat.json().format(logged("a \"b\"\n<c>\u001b[31m\u2028 \u0001ü"));
        assertEquals(1, line.lines().count(), line);
        JsonObject object = JsonParser.parseString(line).getAsJsonObject();
        assertEquals("2026-03-01T12:00:00.500Z", object.get("time").getAsString());
        assertEquals("WARN", object.get("level").getAsString());
        assertEquals("log", object.get("event").getAsString());
        assertEquals(3, object.get("generation").getAsInt());
        assertEquals("com.acme.Shop", object.get("logger").getAsString());
        assertEquals("a \"b\"\n<c>\u2028 \ufffdü", object.get("message").getAsString());
    }

    @Test
    void whatAnEventDoesNotHaveIsNotInItsObject() {
        JsonObject object =
                JsonParser.parseString(LineFormat.json().format(changed("a"))).getAsJsonObject();
        assertEquals("[time, level, event, message]", object.keySet().toString());
    }
}
