package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The threads of one application and of its supervisor: a thread group, which each thread inherits from the one that starts
 * it. Lines of the log tell by it which application they are about.
 */
final class ApplicationThreads {

    private static final String PREFIX = "application ";

    private ApplicationThreads() {}

    /**
     * Runs something on a thread of the application, so that all threads that it starts are of the application too.
     *
     * @throws SupervisorException if that is thrown there
     */
    static <T> T call(String application, Callable<T> start) {
        FutureTask<T> task = new FutureTask<>(start);
        Thread thread = new Thread(new ThreadGroup(PREFIX + application), task, "supervisor-start");
        thread.setDaemon(true);
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) { // an application may interrupt all threads that it finds
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw rethrown(Objects.requireNonNull(e.getCause()));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException rethrown(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException exception ? exception : new IllegalStateException(cause);
    }

    /** Returns the name of the application that the thread works for; empty if it works for the process. */
    static Optional<String> nameOf(Thread thread) {
        for (ThreadGroup group = thread.getThreadGroup(); group != null; group = group.getParent()) {
            if (group.getName().startsWith(PREFIX)) {
                return Optional.of(group.getName().substring(PREFIX.length()));
            }
        }
        return Optional.empty();
    }
}
