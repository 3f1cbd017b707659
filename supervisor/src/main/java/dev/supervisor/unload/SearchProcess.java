package dev.supervisor.unload;

import dev.supervisor.SupervisorException;
import dev.supervisor.unload.LeakPath.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A JVM like this one that runs {@link LeakSearch}: what that needs of memory and classes is gone with it. */
record SearchProcess(String classPath, Duration timeout) {

    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final int MAX_MEGABYTES = 4096;
    private static final int SAID_LINES = 5;

    static SearchProcess ofThisJvm() {
        return new SearchProcess(System.getProperty("java.class.path"), TIMEOUT);
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
                        "-XX:+DisplayVMOutputToStderr", // its warnings are no part of the result
                        LeakSearch.class.getName(),
                        heapDump.toString(),
                        generation,
                        Long.toString(watchedId))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().put("CLASSPATH", classPath); // too long for an argument, on some systems
        // an agent's port is taken, and what is set for the supervisor's heap is not meant for this
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS").forEach(builder.environment()::remove);
        return builder;
    }

    /** Twice what is needed for a heap of small objects. */
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

    /** Its files can be deleted then. Not by a wait that an interrupt would end at once. */
    private static void end(Process process) {
        process.destroyForcibly().onExit().join();
    }

    private static Optional<String> firstLinesOf(Path errors) throws IOException {
        return new String(Files.readAllBytes(errors), StandardCharsets.UTF_8) // whatever its encoding is
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
