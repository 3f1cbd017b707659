package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.SameOnEveryJdk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the commands write to a terminal that wants no colors, can't move its cursor, or knows ASCII only. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // a read of a process's output can't be interrupted
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is about a POSIX terminal")
@SameOnEveryJdk
class CalmOutputIT {

    private static final Pattern COLOR = Pattern.compile("\u001b\\[[0-9;]*m");
    private static final String ESCAPE = "\u001b";
    private static final int COLUMNS = 80;

    @TempDir
    private Path directory;

    /** Returns what a build and a start write to a terminal, until the key q. */
    private String written(Map<String, String> environment) throws Exception {
        Apps.http("v1").moveTo(directory.resolve("app.jar"));
        String script = "$SUPERVISOR -p 0 -a app.jar --watch src --build 'echo said; sleep 1'\necho ended with $?\n";
        try (Command command = TerminalScript.start(directory, "bash", script, prepared(environment))) {
            command.await(".*generation 1 serving .*");
            command.await(".*press h for help, q to quit.*");
            command.type("q");
            command.await("ended with 0");
            return command.transcript();
        }
    }

    @Test
    void aTerminalGetsColorsAndALineThatChanges() throws Exception {
        String written = written(Map.of());
        assertTrue(COLOR.matcher(written).find(), written);
        assertTrue(written.contains(ESCAPE + "[K"), written);
    }

    @ParameterizedTest
    @CsvSource({"NO_COLOR, 1", "CLICOLOR, 0"})
    void aTerminalThatWantsNoColorsGetsNone(String variable, String value) throws Exception {
        String written = written(Map.of(variable, value));
        assertFalse(COLOR.matcher(written).find(), written);
        assertTrue(written.contains(ESCAPE + "[K"), written);
    }

    @Test
    void aDumbTerminalGetsNoEscapeSequence() throws Exception {
        String written = written(Map.of("TERM", "dumb", "LC_ALL", "C", "LANG", "C"));
        assertFalse(written.contains(ESCAPE), written);
        assertTrue(written.contains("built in "), written);
    }

    /** Though standard input and output are a terminal. */
    @Test
    void aFileGetsNoEscapeSequence() throws Exception {
        Path log = directory.resolve("log");
        try (Command command = TerminalScript.start(
                directory,
                "bash",
                "$SUPERVISOR -p 0 -a app.jar --watch src --fail-fast --build 'echo said; exit 3' 2> log\necho ended with $?\n",
                prepared(Map.of()))) {
            command.await("ended with 1");
        }
        String written = Files.readString(log);
        assertTrue(written.contains("stopping, as --fail-fast asks for"), written);
        assertFalse(written.contains("waiting for the next build"), written);
        assertFalse(written.contains(ESCAPE), written);
    }

    private Map<String, String> prepared(Map<String, String> environment) throws Exception {
        Files.createDirectories(directory.resolve("src"));
        Map<String, String> all = new HashMap<>(environment);
        all.put("XDG_RUNTIME_DIR", directory.toString());
        return all;
    }

    @Test
    void otherCommandsWriteAsciiToADumbTerminalAndTheirHelpInEightyColumns() throws Exception {
        Apps.http("v1").moveTo(directory.resolve("app.jar"));
        Files.writeString(directory.resolve("wrong.yaml"), "applications: [ a ]\n");
        Files.writeString(directory.resolve("right.yaml"), "applications:\n  a:\n    app: app.jar\n    port: 0\n");
        String script = """
                stty cols 80
                $SUPERVISOR -p 0 -a app.jar > server 2>&1 < /dev/null &
                until grep -q 'generation 1 serving' server; do sleep 0.1; done
                PORT=$(sed -n 's|^~> http://127.0.0.1:\\([0-9]*\\)/.*|\\1|p' server | head -1)
                echo BEGIN
                $SUPERVISOR --help
                $SUPERVISOR help load-test
                $SUPERVISOR config check right.yaml
                $SUPERVISOR config check wrong.yaml
                echo FIGURES
                $SUPERVISOR status
                $SUPERVISOR load-test http://127.0.0.1:$PORT/ -d 300ms --sample 100ms
                $SUPERVISOR logs
                echo END
                kill $!
                """;
        try (Command command = TerminalScript.start(
                directory,
                "bash",
                script,
                prepared(Map.of("TERM", "dumb", "LC_ALL", "C", "LANG", "C", "COLUMNS", "80")))) {
            command.await("END");
            String written = command.transcript();
            assertFalse(written.contains(ESCAPE), written);
            assertEquals("", written.replaceAll("[\\x00-\\x7f]", ""), written);
            assertEquals( // a message is as long as it is, and a path or a line of figures, too
                    "",
                    written.lines()
                            .takeWhile(line -> !line.equals("FIGURES"))
                            .filter(line -> line.length() > COLUMNS)
                            .filter(line -> !line.contains(directory.toString()) && !line.startsWith("wrong.yaml:"))
                            .reduce("", (one, other) -> one + other + "\n"));
        }
    }
}
