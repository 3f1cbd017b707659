package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Embedder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine in a program of somebody else. */
@Timeout(120)
class EmbeddedIT {

    @TempDir
    private Path directory;

    @Test
    void theProgramEndsWhenItsMainReturns() throws Exception {
        Path jar = directory.resolve("app.jar");
        Apps.http("v1").moveTo(jar);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Embedder.class.getName(),
                jar.toString());
        try (Command program = Command.start(directory, Map.of(), command)) {
            program.await("closed");
            assertEquals(0, program.exitCode());
        }
    }
}
