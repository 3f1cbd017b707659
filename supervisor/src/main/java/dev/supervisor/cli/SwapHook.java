package dev.supervisor.cli;

import dev.supervisor.Event;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs a command of the shell after each swap that was made or has failed: one after the other, on a thread of its own,
 * with what has happened in its environment. Thread-safe.
 */
final class SwapHook implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final String command;
    private final Consumer<String> complaint;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "supervisor-on-swap");
        thread.setDaemon(true);
        return thread;
    });

    private volatile int generation;

    /** @param complaint told in a line if the command fails */
    SwapHook(String command, Consumer<String> complaint) {
        this.command = command;
        this.complaint = complaint;
    }

    void accept(Event event) {
        if (event instanceof Event.Serving serving) {
            generation = serving.generation();
            later("serving");
        } else if (event instanceof Event.Failed) {
            later("failed");
        }
    }

    private void later(String status) {
        int number = generation;
        try {
            executor.execute(() -> run(number, status));
        } catch (RejectedExecutionException e) {
            return; // it is being closed
        }
    }

    private void run(int number, String status) {
        ProcessBuilder builder =
                new ProcessBuilder(shell()).inheritIO().redirectInput(ProcessBuilder.Redirect.from(nothing()));
        builder.environment().put("SUPERVISOR_GENERATION", String.valueOf(number));
        builder.environment().put("SUPERVISOR_STATUS", status);
        try {
            Process process = builder.start();
            if (!process.waitFor(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                complaint.accept("--on-swap '" + command + "' did not end within " + TIMEOUT.toSeconds() + " s");
            } else if (process.exitValue() != 0) {
                complaint.accept("--on-swap '" + command + "' failed with exit code " + process.exitValue());
            }
        } catch (IOException e) {
            complaint.accept("can't run --on-swap '" + command + "': " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> shell() {
        return isWindows() ? List.of("cmd", "/c", command) : List.of("sh", "-c", command);
    }

    private static File nothing() {
        return new File(isWindows() ? "NUL" : "/dev/null");
    }

    private static boolean isWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
