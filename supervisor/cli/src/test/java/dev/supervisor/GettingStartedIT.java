package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The application of docs/getting-started.md, and its lines for javac, as they stand there. */
@Timeout(180)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the document has lines for a POSIX shell")
final class GettingStartedIT {

    private static final Path SOURCE = Path.of("src/main/java/hello/Hello.java");

    @TempDir
    private Path directory;

    private final String document = read();

    private static String read() {
        try {
            return Files.readString(Path.of("../../docs/getting-started.md"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void writeApplication() throws IOException {
        write(SOURCE, block("## An application of the SPI", "java"));
        write(
                Path.of("src/main/resources/META-INF/services/dev.supervisor.spi.Application"),
                block("## An application of the SPI", "text"));
    }

    private void write(Path file, String text) throws IOException {
        Path target = directory.resolve(file);
        Files.createDirectories(target.resolveSibling("."));
        Files.writeString(target, text);
    }

    /** Returns the first block of this language below the heading. */
    private String block(String heading, String language) {
        return blockFrom(document.indexOf("\n" + heading + "\n"), language);
    }

    private String blockFrom(int place, String language) {
        String fence = "```" + language + "\n";
        int begin = document.indexOf(fence, place) + fence.length();
        return document.substring(begin, document.indexOf("```", begin));
    }

    /** Returns the lines with the place of the distribution, and a port that is free. */
    private static String here(String lines) {
        return lines.replace("supervisor --port 8888", "exec " + Command.SCRIPT + " --port 0")
                .replace("SUPERVISOR/", Command.SCRIPT.resolve("../..").normalize() + "/");
    }

    private Command run(String lines) throws IOException {
        return Command.start(
                directory, Map.of("JAVA_HOME", System.getProperty("java.home")), List.of("sh", "-ec", here(lines)));
    }

    @Test
    void theLinesForJavacServe() throws Exception {
        writeApplication();
        String lines =
                block("## Built by javac", "sh").replace("javac ", System.getProperty("java.home") + "/bin/javac ");
        try (Command command = run(lines)) {
            assertEquals(
                    "Hello, world\n", Client.get(command.awaitSocket(), "/").body());
        }
    }

    @Test
    void theSupervisorCompilesWhatIsSaved() throws Exception {
        writeApplication();
        int second = document.indexOf("With `--build javac`");
        write(Path.of("classes/META-INF/services/dev.supervisor.spi.Application"), "hello.Hello");
        try (Command command = run(blockFrom(second, "sh"))) {
            var address = command.awaitSocket();
            assertEquals("Hello, world\n", Client.get(address, "/").body());
            String source = Files.readString(directory.resolve(SOURCE), StandardCharsets.UTF_8);
            Files.writeString(directory.resolve(SOURCE), source.replace("Hello, world", "Hello, again"));
            assertEquals("Hello, again\n", Client.get(address, "/").body());
        }
    }
}
