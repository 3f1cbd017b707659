package dev.supervisor.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that may be installed, and runs as a process. */
public final class Tool {

    private static final long TIMEOUT_SECONDS = 120;

    private final Path command;

    private Tool(Path command) {
        this.command = command;
    }

    /** Skips the test, loudly, if it is missing. */
    public static Tool find(String name, String debianPackage) {
        Optional<Path> command = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
        String missing = "there is no " + name + " on the PATH (apt-get install " + debianPackage + ")";
        if (command.isEmpty()) {
            System.err.println("TEST SKIPPED: " + missing);
        }
        assumeTrue(command.isPresent(), missing);
        return new Tool(command.orElseThrow());
    }

    public Path command() {
        return command;
    }

    public Run start(String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(command.toString()));
        line.addAll(List.of(arguments));
        Path output = Files.createTempFile("tool", ".txt");
        return new Run(
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }

    /** Its process, and what that writes. */
    public static final class Run implements AutoCloseable {

        private final Process process;
        private final Path output;

        private Run(Process process, Path output) {
            this.process = process;
            this.output = output;
        }

        public boolean isAlive() {
            return process.isAlive();
        }

        /** As Ctrl-C does. */
        public void interrupt() throws IOException, InterruptedException {
            Process kill = new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start();
            assertEquals(0, kill.waitFor());
        }

        /** Waits for its end, which must be a good one, and returns all that it has written. */
        public String report() throws IOException, InterruptedException {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end: " + written());
            }
            assertEquals(0, process.exitValue(), this::written);
            return written();
        }

        private String written() {
            try {
                return Files.readString(output, StandardCharsets.UTF_8);
            } catch (IOException e) {
                return e.toString();
            }
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
