package dev.supervisor.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The resources are what the tools have said, but for the directory that the project was in. */
@DisabledOnOs(OS.WINDOWS)
final class DiagnosticsTest {

    private static final Path PROJECT = Path.of("/home/dev/hello");
    private static final String GREETING = "src/main/java/hello/Greeting.java";
    private static final String HELLO = "src/main/java/hello/Hello.java";

    /** The lines that the columns are of, in the project that the outputs are of. */
    private static final List<String> HELLO_LINES = List.of(
            "package hello;",
            "",
            "import java.util.Arrays;",
            "import java.util.List;",
            "",
            "class Hello {",
            "\tvoid start() {",
            "\t\tint port = \"8080\";",
            "\t\tString body = greeting(",
            "\t\t\t\tunknown);",
            "\t\tList<String> names = Arrays.asList(1, 2);",
            "\t}",
            "}");

    private static List<String> output(String resource) throws IOException {
        try (InputStream file = DiagnosticsTest.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    /** {@code file:line:column: message}, each. */
    private static List<String> found(List<String> output) {
        return Diagnostics.of(PROJECT, output).stream()
                .map(each -> PROJECT.relativize(each.file()) + ":" + each.line() + ":" + column(each) + ": " + each.message())
                .toList();
    }

    private static int column(Diagnostic diagnostic) {
        return diagnostic.file().endsWith("Hello.java") && diagnostic.line() <= HELLO_LINES.size()
                ? diagnostic.columnIn(HELLO_LINES.get(diagnostic.line() - 1))
                : diagnostic.column();
    }

    private static List<String> found(String output) {
        return found(output.lines().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"javac-17.txt", "javac-25.txt", "make-javac.txt"})
    void javacNamesThePlaceAndDrawsTheColumn(String resource) throws Exception {
        assertEquals(List.of(), found(output(resource)));
    }
}
