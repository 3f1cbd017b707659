package dev.supervisor.frameworks;

import dev.supervisor.testing.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The supervisor as a process that writes into a file, which stays among the outputs of the build. */
final class SupervisorProcess implements AutoCloseable {

    private static final Pattern SERVING = Pattern.compile("generation (\\d+) serving ");
    private static final Pattern UNLOADED = Pattern.compile("generation (\\d+) unloaded after ");
    private static final Pattern KEPT_ALIVE = Pattern.compile("generation (\\d+) is kept alive: ");
    private static final Pattern FAILED = Pattern.compile("failed to start");
    private static final int TAIL_LINES = 60;

    private final Process process;
    private final Path log;

    private SupervisorProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static SupervisorProcess start(Path directory, Path log, Map<String, String> environment, String... options)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(Command.SCRIPT.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Files.createDirectories(log.getParent())
                        .resolve(log.getFileName())
                        .toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return new SupervisorProcess(builder.start(), log);
    }

    /** Waits until the first generation serves. */
    void awaitServing(Duration limit) throws InterruptedException {
        Limit.await(limit, "generation 1 serves", () -> {
            checkRuns();
            return !serving().isEmpty();
        });
    }

    /** Fails if a generation has failed to start, or the process has ended. */
    void checkRuns() {
        if (!process.isAlive()) {
            throw new AssertionError("the supervisor has ended with " + process.exitValue());
        }
        if (FAILED.matcher(text()).find()) {
            throw new AssertionError("a generation has failed to start");
        }
    }

    /** The generations that have served, and the one that does. */
    Set<Integer> serving() {
        return generations(SERVING);
    }

    Set<Integer> unloaded() {
        return generations(UNLOADED);
    }

    Set<Integer> keptAlive() {
        return generations(KEPT_ALIVE);
    }

    private Set<Integer> generations(Pattern line) {
        Set<Integer> generations = new TreeSet<>();
        for (Matcher matcher = line.matcher(text()); matcher.find(); ) {
            generations.add(Integer.valueOf(matcher.group(1)));
        }
        return generations;
    }

    /** Sends TERM and returns the exit code. */
    int stop(Duration limit) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the supervisor still runs " + limit.toSeconds() + " s after TERM");
        }
        return process.exitValue();
    }

    /** The last lines of its log. */
    String tail() {
        List<String> lines = text().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    private String text() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
