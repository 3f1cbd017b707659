package dev.supervisor.cli.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.supervisor.testing.Await;
import dev.supervisor.testing.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveIT {

    private static final Path HOME = Command.SCRIPT.resolve("../..").normalize();

    @TempDir
    private Path directory;

    private record Ended(int code, String output) {}

    @BeforeEach
    void copyInstallation() throws IOException {
        assumeTrue(
                Files.exists(Path.of(System.getProperty("java.home"), "release")),
                "this JVM does not tell its version");
        Files.createDirectories(directory.resolve("bin"));
        Files.copy(Command.SCRIPT, directory.resolve("bin/supervisor"));
        Files.createDirectories(directory.resolve("lib"));
        try (Stream<Path> jars = Files.list(HOME.resolve("lib"))) {
            for (Path jar : jars.filter(Files::isRegularFile).toList()) {
                Files.copy(jar, directory.resolve("lib").resolve(jar.getFileName()));
            }
        }
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                                Stream.of(
                                        "sh",
                                        directory.resolve("bin/supervisor").toString()),
                                Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private Ended run(Map<String, String> environment, String... arguments) throws Exception {
        Process process = start(environment, arguments);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    /** Returns the lines that the JVM logs for the classes of a start. */
    private List<String> loaded() throws Exception {
        Path log = directory.resolve("loaded");
        Ended ended = run(Map.of("SUPERVISOR_JAVA_OPTS", "-Xlog:class+load:file=" + log), "--help");
        assertEquals(0, ended.code(), ended.output());
        assertTrue(ended.output().startsWith("Usage: "), ended.output());
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(" picocli.CommandLine ")
                            || line.contains(" dev.supervisor.cli.SupervisorCommand "))
                    .toList();
        }
    }

    private static boolean isArchived(String line) {
        return line.endsWith("shared objects file (top)");
    }

    @Test
    void classesComeFromTheArchiveOnceItIsMade() throws Exception {
        String help = run(Map.of(), "--help").output();
        assertEquals(2, loaded().size());
        assertTrue(loaded().stream().noneMatch(ArchiveIT::isArchived));
        Ended made = run(Map.of(), "archive");
        assertEquals(0, made.code(), made.output());
        assertTrue(made.output().startsWith("made " + directory.resolve("lib/archives")), made.output());
        assertTrue(loaded().stream().allMatch(ArchiveIT::isArchived), () -> "not archived");
        try (Stream<Path> files = Files.list(directory.resolve("lib/archives"))) {
            assertEquals(1, files.count());
        }

        Ended again = run(Map.of(), "archive");
        assertEquals(0, again.code(), again.output());

        Files.setLastModifiedTime(directory.resolve("lib/supervisor.jar"), FileTime.fromMillis(0));
        assertTrue(loaded().stream().noneMatch(ArchiveIT::isArchived), "an archive of other jars is passed over");
        assertEquals(help, run(Map.of(), "--help").output(), "and nothing is said about it");
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info().command().filter(path -> path.endsWith("java")).isPresent();
    }

    @Test
    void aSignalEndsTheTrainingRunAndNothingStays() throws Exception {
        Process archive = start(Map.of("JAVA_TOOL_OPTIONS", "-Xshare:off"), "archive");
        List<ProcessHandle> training = new ArrayList<>();
        Await.until(
                "the training run has begun",
                () -> training.addAll(
                        archive.children().filter(ArchiveIT::isJava).toList()));
        archive.destroy();
        archive.waitFor();
        Await.until("the training run has ended", () -> training.stream().noneMatch(ProcessHandle::isAlive));
        try (Stream<Path> files = Files.list(directory.resolve("lib/archives"))) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void aDirectoryThatCanNotBeWrittenIsNamed() throws Exception {
        Files.createFile(directory.resolve("lib/archives"));
        Ended failed = run(Map.of(), "archive");
        assertEquals(1, failed.code());
        assertTrue(
                failed.output().startsWith("supervisor: can't make '" + directory.resolve("lib/archives")),
                failed.output());
    }
}
