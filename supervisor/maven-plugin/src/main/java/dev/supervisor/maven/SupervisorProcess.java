package dev.supervisor.maven;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The supervisor as a process that has Maven's terminal, and ends with Maven. */
final class SupervisorProcess {

    /** Longer than a supervisor at its work drains, if nothing else is asked for. */
    private static final long DRAIN_SECONDS = 15;

    /** The supervisor ends by itself before that. */
    private static final long LAST_SECONDS = 60;

    private final List<String> command;
    private final Path directory;
    private final Map<String, String> environment;
    private final TerminalSignals signals = new TerminalSignals();
    private final AtomicBoolean isMavenEnding = new AtomicBoolean();

    SupervisorProcess(List<String> command, Path directory, Map<String, String> environment) {
        this.command = List.copyOf(command);
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Runs until the process ends; if Maven is ended, for ever, since the JVM is about to end.
     *
     * @param thread gets tasks meanwhile
     * @param end run after the process, also if Maven is ended
     * @return the exit code
     */
    int run(MojoThread thread, Runnable end) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).inheritIO();
        builder.environment().putAll(environment);
        Process process = builder.start();
        signals.handle();
        Thread hook = new Thread(() -> endWithMaven(process, end), "supervisor-end");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) { // Maven ends already
            endWithMaven(process, end);
        }
        thread.runUntilEndOf(process);
        int code = process.waitFor();
        if (isMavenEnding.get() || !isRemoved(hook)) {
            new CountDownLatch(1).await(); // or Maven would print the result of a build that was broken off
        }
        end.run();
        return code;
    }

    private static boolean isRemoved(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private void endWithMaven(Process process, Runnable end) {
        isMavenEnding.set(true);
        try {
            // a second signal would make the supervisor drop what it drains
            if (!signals.areShared() || !process.waitFor(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
            }
            if (!process.waitFor(LAST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            end.run();
        }
    }
}
