package dev.supervisor.cli.archive;

import dev.supervisor.SupervisorException;
import dev.supervisor.text.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The archive of the supervisor's classes for one JVM. Such a file is of use only to the JVM that has made it, and as long as
 * the jars are the same; others pass it over.
 */
public final class ClassArchive {

    /** Names the file, and is set by the script, which knows under which name it will look for it. */
    public static final String PROPERTY = "supervisor.archive";

    private static final String TRAINING_PROPERTY = "supervisor.archive.training";

    private static final long PATIENCE_SECONDS = 180;

    /** Variables from which a JVM takes options, such as {@code -Xshare:off}. */
    private static final Set<String> JVM_OPTIONS = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private final Path file;
    private final Path jar;

    /** The training run, once it has been started. Guarded by this. */
    private @Nullable Process process;

    /** Whether this process is being ended. Guarded by this. */
    private boolean ending;

    /**
     * @param file is made, or replaced at once
     * @param jar the jar that the script starts
     */
    public ClassArchive(Path file, Path jar) {
        this.file = file;
        this.jar = jar;
    }

    /** Whether this process is a training run, at whose end the JVM writes an archive. */
    public static boolean isMadeAtExit() {
        return Boolean.getBoolean(TRAINING_PROPERTY);
    }

    /**
     * Starts the supervisor once, in a process of its own, and has its JVM write the archive when it ends.
     *
     * @return the size of the file, in bytes
     * @throws SupervisorException if the JVM can't make one, or the directory can't be written
     */
    public long make() throws InterruptedException {
        try {
            Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
            Path work = Files.createTempDirectory(directory, "making");
            Thread ended = new Thread(() -> endAndDelete(work), "supervisor-archive-end");
            Runtime.getRuntime().addShutdownHook(ended);
            try {
                Path made = work.resolve("archive");
                run(TrainingRun.in(Files.createDirectory(work.resolve("app"))), made, work.resolve("log"));
                Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return Files.size(file);
            } finally {
                if (!isRemoved(ended)) {
                    Thread.currentThread().join(); // for ever: the process ends, and this is no failure to tell of
                }
                delete(work);
            }
        } catch (IOException e) {
            throw new SupervisorException(
                    "can't make '" + file + "': " + IoReason.of(e, file.toString())
                            + " (run this as the user to whom the directory belongs)",
                    e);
        }
    }

    /** By a signal, such as Ctrl-C: the training run must not go on, nor its files stay. */
    private void endAndDelete(Path work) {
        Process running;
        synchronized (this) {
            ending = true;
            running = process;
        }
        try {
            if (running != null) {
                running.destroyForcibly().waitFor();
            }
            delete(work);
        } catch (IOException | InterruptedException e) {
            System.err.println("supervisor: can't delete '" + work + "': " + e);
        }
    }

    private static boolean isRemoved(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false; // it runs
        }
    }

    private void run(TrainingRun training, Path made, Path log) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ArchiveClassesAtExit=" + made,
                "-D" + TRAINING_PROPERTY + "=true",
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off",
                "-jar",
                jar.toString()));
        command.addAll(training.arguments());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment()
                .keySet()
                .removeIf(name ->
                        name.startsWith("SUPERVISOR_") || name.startsWith("LISTEN_") || JVM_OPTIONS.contains(name));
        Process started;
        synchronized (this) { // it is known as soon as it runs, or does not run at all
            if (ending) {
                throw new InterruptedException();
            }
            started = builder.start();
            process = started;
        }
        try {
            started.getOutputStream().close();
            boolean answered = training.isAnswered(started);
            started.destroy(); // it stops, and its JVM writes the archive then
            if (!started.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || !answered || !Files.exists(made)) {
                throw new SupervisorException("this JVM (" + System.getProperty("java.home")
                        + ") has made no archive. Its output: "
                        + Files.readString(log).strip());
            }
        } finally {
            started.destroyForcibly();
        }
    }

    private static void delete(Path work) throws IOException {
        try (Stream<Path> files = Files.walk(work)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
