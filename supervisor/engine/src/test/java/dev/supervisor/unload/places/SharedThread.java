package dev.supervisor.unload.places;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A thread that is older than any tenant and goes on after it, like a worker of the common pool. */
public final class SharedThread {

    static final String NAME = "shared";

    private static final ExecutorService EXECUTOR = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, NAME);
        thread.setDaemon(true);
        return thread;
    });

    private SharedThread() {}

    /** So that the first tenant is not its parent. */
    static void start() {
        run(() -> {});
    }

    /** Waits for the end of the task. */
    public static void run(Runnable task) {
        Future<?> done = EXECUTOR.submit(task);
        try {
            done.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
