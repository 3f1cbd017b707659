package dev.supervisor.cli;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps room for one thread: the JVM handles each signal on a new one, and drops the signal if that can't be started. A
 * thread tries now and then to start another; when it can't, it ends, so that its own place is free. Thread-safe.
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

    /** Keeps room from now on; again, if it has been given up, and there is some now. */
    synchronized void keep() {
        if (keeper != null && keeper.isAlive()) {
            return;
        }
        try {
            keeper = factory.newThread(this::whileThereIsRoom);
            keeper.start();
        } catch (OutOfMemoryError e) { // the limit of threads: there is nothing to be kept
            keeper = null;
        }
    }

    private void whileThereIsRoom() {
        try {
            while (isRoom()) {
                Thread.sleep(turn.toMillis());
            }
        } catch (
                InterruptedException
                        e) { // by an application that interrupts all threads; the next build has it kept again
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
