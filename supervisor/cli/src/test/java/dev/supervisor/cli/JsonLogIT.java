package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Command;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Everything that the real command writes to standard error with {@code --log json}. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // a read of a process's output can't be interrupted
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is about a POSIX shell script and signals")
final class JsonLogIT {

    @TempDir
    private Path directory;

    /** Starts the command with its standard output in the file {@code out}, and {@code --log json}. */
    private Command start(String... arguments) throws Exception {
        StringBuilder line = new StringBuilder("exec '" + Command.SCRIPT + "' --log json");
        for (String argument : arguments) {
            line.append(" '").append(argument).append('\'');
        }
        return Command.start(directory, Map.of(), List.of("sh", "-c", line + " > out"));
    }

    /** Each line is an object that has what a log shipper needs. */
    private static List<JsonObject> lines(Command command) {
        List<JsonObject> lines = command.transcript()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
        for (JsonObject line : lines) {
            Instant.parse(line.get("time").getAsString());
            assertTrue(line.get("level").getAsString().matches("TRACE|DEBUG|INFO|WARN|ERROR"), line::toString);
            assertTrue(line.get("event").getAsString().matches("[a-z-]+"), line::toString);
            assertFalse(line.get("message").getAsString().isBlank(), line::toString);
        }
        return lines;
    }

    private static List<String> events(List<JsonObject> lines) {
        return lines.stream().map(line -> line.get("event").getAsString()).toList();
    }

    @Test
    void eachLineIsAnObjectInTheOrderOfTheEventsWithTheirStableNames() throws Exception {
        Apps.starting("System.out.println(\"printed by itself\");"
                        + " org.slf4j.LoggerFactory.getLogger(\"shop\").info(\"open \\\"for\\\" all\");")
                .moveTo(directory.resolve("app.jar"));
        try (Command command = start("--port", "0", "--app", "app.jar")) {
            command.await(".*\"event\":\"serving\",\"generation\":1,.*");
            Apps.starting("throw new IllegalStateException(\"no database\\nat all\");")
                    .moveTo(directory.resolve("app.jar"));
            command.await(".*\"event\":\"failed\".*");
            command.signal("TERM");
            assertEquals(0, command.exitCode());
            List<JsonObject> lines = lines(command);
            assertEquals(
                    List.of("listening", "log", "serving", "changed", "failed", "stopping"),
                    events(lines).stream()
                            .filter(List.of("listening", "log", "serving", "changed", "failed", "stopping")::contains)
                            .toList());
            JsonObject log = lines.get(events(lines).indexOf("log"));
            assertEquals("shop", log.get("logger").getAsString());
            assertEquals("open \"for\" all", log.get("message").getAsString());
            JsonObject failed = lines.get(events(lines).indexOf("failed"));
            assertEquals("ERROR", failed.get("level").getAsString());
            assertTrue(failed.get("message").getAsString().contains("no database\n"), failed::toString);
            assertEquals("printed by itself\n", Files.readString(directory.resolve("out")));
        }
    }

    @Test
    void aPortThatIsTakenIsAnObjectToo() throws Exception {
        Apps.http("v1").moveTo(directory.resolve("app.jar"));
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Command command = start("--port", Integer.toString(holder.getLocalPort()), "--app", "app.jar")) {
            assertEquals(1, command.exitCode());
            JsonObject error = lines(command).get(0);
            assertEquals("error", error.get("event").getAsString());
            assertTrue(error.get("message").getAsString().contains("already in use"), error::toString);
        }
    }

    @Test
    void wrongUsageIsAnObjectToo() throws Exception {
        try (Command command = start("--port", "nine", "--app", "app.jar")) {
            assertEquals(2, command.exitCode());
            assertEquals(List.of("error"), events(lines(command)));
            assertTrue(command.transcript().contains("nine"), command.transcript());
        }
        try (Command command = Command.start(
                directory,
                Map.of("SUPERVISOR_LOG", "json", "SUPERVISOR_PORT", "tcp://10.0.0.1:80"),
                List.of(Command.SCRIPT.toString(), "--no-such-option"))) {
            assertEquals(2, command.exitCode());
            assertEquals(List.of("warning", "error"), events(lines(command)));
        }
    }
}
