package dev.supervisor.unload;

import dev.supervisor.SupervisorException;
import dev.supervisor.unload.LeakPath.Verdict;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs the search of {@code supervisor-leaks} in a JVM of its own: its memory and its classes are gone with it. */
record SearchProcess(String classPath, Duration timeout) {

    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final int MAX_MEGABYTES = 4096;
    private static final int SAID_LINES = 5;

    private static final String PROGRAM = "dev.supervisor.leaks.LeakSearch";

    /** One class of each jar that the program needs. */
    private static final List<String> CLASSES =
            List.of(PROGRAM, "shark.HprofHeapGraph", "shark.Hprof", "okio.Okio", "kotlin.Unit");

    /**
     * Finds the program's files through this class loader: an embedder's class path may be anything.
     *
     * @throws SupervisorException if the program is not there
     */
    static SearchProcess ofThisJvm() {
        String classPath = CLASSES.stream()
                .map(SearchProcess::placeOf)
                .distinct()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        return new SearchProcess(classPath, TIMEOUT);
    }

    private static Path placeOf(String className) {
        try {
            Class<?> type = Class.forName(className, false, SearchProcess.class.getClassLoader());
            CodeSource source = type.getProtectionDomain().getCodeSource();
            return Path.of(source.getLocation().toURI());
        } catch (ClassNotFoundException e) {
            throw new SupervisorException(
                    "can't search a heap dump: " + className + " is missing (add supervisor-leaks to the class path)",
                    e);
        } catch (URISyntaxException | RuntimeException e) { // not a file, as in a jar within a jar
            throw new SupervisorException("can't search a heap dump: " + className + " is in no file of its own", e);
        }
    }

    LeakPath search(Path heapDump, String generation, long watchedId) throws InterruptedException {
        try {
            Path output = Files.createTempFile("leak-search", ".txt");
            Path errors = Files.createTempFile("leak-search", ".err");
            try {
                run(builder(heapDump, generation, watchedId, output, errors), errors, heapDump);
                return result(Files.readAllLines(output), heapDump);
            } finally {
                Files.delete(output);
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new SupervisorException("can't search " + heapDump + ": " + e.getMessage(), e);
        }
    }

    private ProcessBuilder builder(Path heapDump, String generation, long watchedId, Path output, Path errors)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + megabytesFor(Files.size(heapDump)) + "m",
                        "-XX:+UseSerialGC",
                        "-XX:+DisplayVMOutputToStderr", // the JVM's warnings are no part of the result
                        PROGRAM,
                        heapDump.toString(),
                        generation,
                        Long.toString(watchedId))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().put("CLASSPATH", classPath); // too long for an argument, on some systems
        // an agent's port is in use already, and settings for the supervisor's heap are not meant for this JVM
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS").forEach(builder.environment()::remove);
        return builder;
    }

    /** Returns the maximum heap size in MiB: twice what a dump of small objects needs. */
    private static long megabytesFor(long dumpSize) {
        return Math.min(MAX_MEGABYTES, 64 + 3 * dumpSize / 1_000_000);
    }

    private void run(ProcessBuilder builder, Path errors, Path heapDump) throws IOException, InterruptedException {
        Process process = builder.start();
        try {
            if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new SupervisorException(
                        "can't search " + heapDump + ": not done after " + timeout.toSeconds() + " s");
            }
        } finally {
            end(process);
        }
        if (process.exitValue() != 0) {
            throw new SupervisorException("can't search " + heapDump + ": "
                    + firstLinesOf(errors).orElse("exit code " + process.exitValue()));
        }
    }

    /**
     * Kills the process and waits for its end, so that its files can be deleted. The wait can't be interrupted: an
     * interrupt would end it at once.
     */
    private static void end(Process process) {
        process.destroyForcibly().onExit().join();
    }

    private static Optional<String> firstLinesOf(Path errors) throws IOException {
        return new String(Files.readAllBytes(errors), StandardCharsets.UTF_8) // whatever the JVM's encoding is
                .lines()
                .limit(SAID_LINES)
                .reduce((text, line) -> text + System.lineSeparator() + line);
    }

    static LeakPath result(List<String> output, Path heapDump) {
        if (output.size() < 2) {
            throw new IllegalStateException("the search printed " + output);
        }
        return new LeakPath(Verdict.valueOf(output.get(0)), output.get(1), output.subList(2, output.size()), heapDump);
    }
}
