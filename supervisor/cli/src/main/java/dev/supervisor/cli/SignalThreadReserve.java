package dev.supervisor.cli;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps room for one more thread: the JVM handles each signal on a new thread, and drops the signal if that can't be
 * started. A thread tries now and then to start another one; when it can't, it ends, and so frees its own place.
 * Thread-safe.
 */
final class SignalThreadReserve {

    private static final Duration TURN = Duration.ofSeconds(2);

    private final ThreadFactory factory;
    private final Duration turn;
    private @Nullable Thread keeper;

    SignalThreadReserve() {
        this(
                task -> {
                    Thread thread = new Thread(task, "supervisor-signals");
                    thread.setDaemon(true);
                    return thread;
                },
                TURN);
    }

    SignalThreadReserve(ThreadFactory factory, Duration turn) {
        this.factory = factory;
        this.turn = turn;
    }

    /** Starts the thread that keeps room, unless it runs. Called again later, since it may have ended. */
    synchronized void keep() {
        if (keeper != null && keeper.isAlive()) {
            return;
        }
        try {
            keeper = factory.newThread(this::whileThereIsRoom);
            keeper.start();
        } catch (OutOfMemoryError e) { // the limit of threads is reached: there is no room to keep
            keeper = null;
        }
    }

    private void whileThereIsRoom() {
        try {
            while (isRoom()) {
                Thread.sleep(turn.toMillis());
            }
        } catch (InterruptedException e) { // an application interrupts all threads; the next build calls keep()
            Thread.currentThread().interrupt();
        }
    }

    private boolean isRoom() throws InterruptedException {
        try {
            Thread another = factory.newThread(() -> {});
            another.start();
            another.join();
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }
}
