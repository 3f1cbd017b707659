package dev.supervisor.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Problem.Place;
import dev.supervisor.SupervisorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
final class EditorCommandTest {

    private static Place place(String path, int column) {
        return new Place("shown", Path.of(path), 7, column, "", List.of());
    }

    private static List<String> filled(String template, Place place) {
        return EditorCommand.parse(template).filled(place);
    }

    private static void assertRefused(String template, String why) {
        String message = String.valueOf(assertThrows(SupervisorException.class, () -> Editor.command(template))
                .getMessage());
        assertTrue(message.contains(why), message);
    }

    @Test
    void theFileTheLineAndTheColumnArePutIn() {
        assertEquals(
                List.of("code", "-g", "/src/A.java:7:3"),
                filled("code -g {file}:{line}:{column}", place("/src/A.java", 3)));
        assertEquals(
                List.of("emacsclient", "+7:1", "/src/A.java"),
                filled("  emacsclient   +{line}:{column} {file} ", place("/src/A.java", 0)));
    }

    @Test
    void wordsMayBeQuoted() {
        assertEquals(
                List.of("/opt/My Editor/edit", "--go=a \"b\"", "/src/A.java", ""),
                filled("'/opt/My Editor/edit' --go='a \"b\"' \"{file}\" ''", place("/src/A.java", 0)));
    }

    @Test
    void whateverAFileIsCalledItIsOneWordAndNothingInItIsReplaced() {
        String hostile = "/src/a b; touch $(x) `y` '{line}' \\1 $1 \"{column}.java";
        assertEquals(List.of("edit", hostile, "7"), filled("edit {file} {line}", place(hostile, 0)));
    }

    @Test
    void aTemplateThatMakesNoSenseIsRefused() {
        assertRefused("code -g", "editor 'code -g {file}:{line}:{column}'");
        assertRefused("", "the name of the file is missing");
        assertRefused("code '{file}", "a quote does not end");
    }

    @Test
    void aProgramThatIsNotThereIsReported() {
        Editor editor = Editor.command("/no/such/editor {file}");
        assertThrows(IOException.class, () -> editor.open(place("/src/A.java", 0)));
    }

    @Test
    @Timeout(30)
    void theCommandRunsWithoutAShell(@TempDir Path directory) throws Exception {
        Path script = directory.resolve("the editor");
        Files.writeString(script, "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$0.tmp\" && mv \"$0.tmp\" \"$0.out\"\n");
        assertTrue(script.toFile().setExecutable(true));
        Path opened = directory.resolve("the editor.out");
        String hostile = "/src/$(touch " + directory.resolve("done") + ") & '.java";
        Editor.command("'" + script + "' {file} {line}").open(place(hostile, 0));
        while (!Files.exists(opened)) {
            Thread.onSpinWait();
        }
        assertEquals(List.of(hostile, "7"), Files.readAllLines(opened));
        assertTrue(Files.notExists(directory.resolve("done")));
    }
}
