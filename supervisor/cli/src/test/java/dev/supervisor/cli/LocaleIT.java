package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Command;
import dev.supervisor.testing.TestBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of files that are not ASCII, where the locale knows ASCII only. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is about a POSIX shell script")
class LocaleIT {

    private static final TestBuild ASKING = TestBuild.of("""
                    package app;
                    import dev.supervisor.spi.*;
                    public class Asking implements Application {
                        public void start(ApplicationContext context) {
                            System.out.println("found: " + (Asking.class.getResource("/\\u00e4.txt") != null));
                        }
                    }
                    """).withProvider("app.Asking");

    @TempDir
    private Path directory;

    /** By its bytes in UTF-8, whatever the locale of this JVM. */
    private void makeResource() throws Exception {
        Files.createDirectory(directory.resolve("resources"));
        Process shell = new ProcessBuilder("sh", "-c", "echo x > \"$(printf 'resources/\\303\\244.txt')\"")
                .directory(directory.toFile())
                .inheritIO()
                .start();
        assertEquals(0, shell.waitFor());
    }

    private Command start(Map<String, String> environment, List<String> program) throws Exception {
        makeResource();
        ASKING.moveTo(directory.resolve("app.jar"));
        List<String> options = List.of("--port", "0", "--app", "app.jar", "--lib", "resources");
        return Command.start(
                directory,
                environment,
                Stream.concat(program.stream(), options.stream()).toList());
    }

    @ParameterizedTest
    @CsvSource({"C, ''", "'', ''", "'', xx_XX.UTF-8"})
    void theScriptSeesToItThatAllCanBeNamed(String all, String language) throws Exception {
        Map<String, String> environment = Map.of("LC_ALL", all, "LANG", language);
        try (Command command = start(environment, List.of(Command.SCRIPT.toString()))) {
            command.await("found: true");
        }
    }

    @Test
    void withoutItAGenerationComesUpAllTheSame() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path jar = Command.SCRIPT.resolveSibling("../lib/supervisor.jar").normalize();
        try (Command command = start(Map.of("LC_ALL", "C"), List.of(java.toString(), "-jar", jar.toString()))) {
            command.await(".*generation 1 serving app.jar.*");
        }
    }
}
