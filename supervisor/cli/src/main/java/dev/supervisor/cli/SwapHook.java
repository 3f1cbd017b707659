package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.process.CommandWords;
import dev.supervisor.process.ProcessGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs a shell command after each swap, made or failed: one at a time, on a thread of its own, with the outcome in its
 * environment. Thread-safe.
 */
final class SwapHook implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final String application;
    private final String command;
    private final Consumer<String> complaint;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "supervisor-on-swap");
        thread.setDaemon(true);
        return thread;
    });

    private volatile int generation;

    // Guarded by this.
    private Optional<ProcessGroup> running = Optional.empty();
    private boolean closed;

    /**
     * @param application its name, for the environment of the command
     * @param complaint receives a line if the command fails
     */
    SwapHook(String application, String command, Consumer<String> complaint) {
        this.application = application;
        this.command = command;
        this.complaint = complaint;
    }

    void accept(Event event) {
        if (event instanceof Event.Serving serving) {
            generation = serving.generation();
            later("serving");
        } else if (event instanceof Event.Failed failed && !mayMendItself(failed.next())) {
            later("failed");
        }
    }

    /** Returns whether another outcome, of the same build or of a newer one, follows by itself. */
    private static boolean mayMendItself(Event.Failed.Next next) {
        return next == Event.Failed.Next.SUPERSEDED || next == Event.Failed.Next.AFTER_FORMER;
    }

    private void later(String status) {
        int number = generation;
        try {
            executor.execute(() -> run(number, status));
        } catch (RejectedExecutionException e) {
            return; // closed
        }
    }

    private void run(int number, String status) {
        ProcessBuilder builder = new ProcessBuilder(CommandWords.ofShell(command))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("SUPERVISOR_GENERATION", String.valueOf(number));
        builder.environment().put("SUPERVISOR_STATUS", status);
        builder.environment().put("SUPERVISOR_APPLICATION", application);
        try {
            Optional<ProcessGroup> started = start(builder);
            if (started.isPresent()) {
                awaitEnd(started.get());
            }
        } catch (IOException e) {
            complaint.accept("can't run --on-swap '" + command + "': " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Optional<ProcessGroup> start(ProcessBuilder builder) throws IOException {
        running = closed ? Optional.empty() : Optional.of(ProcessGroup.start(builder));
        return running;
    }

    private void awaitEnd(ProcessGroup group) throws InterruptedException {
        Process process = group.process();
        if (!process.waitFor(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
            group.end();
            complaint.accept("--on-swap '" + command + "' did not end within " + TIMEOUT.toSeconds() + " s");
        } else if (process.exitValue() != 0) {
            complaint.accept("--on-swap '" + command + "' failed with exit code " + process.exitValue());
        }
    }

    /** Kills a command that is running; no other is started. */
    @Override
    public void close() {
        executor.shutdownNow();
        synchronized (this) {
            closed = true;
            running.filter(group -> group.process().isAlive()).ifPresent(ProcessGroup::kill);
        }
    }
}
