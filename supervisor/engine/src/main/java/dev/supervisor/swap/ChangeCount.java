package dev.supervisor.swap;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Counts the changes that have been seen, and those that the {@link SwapLoop} has handled. Thread-safe. */
final class ChangeCount {

    /** How long a request may wait until a change has been handled. Much longer than that takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration BETWEEN_LOOKS = Duration.ofNanos(20_000);

    private final AtomicLong seen = new AtomicLong();
    private final AtomicLong handled = new AtomicLong();

    void seen() {
        seen.incrementAndGet();
    }

    /** Handles one change that was seen before, on the loop's thread. */
    void handle(Runnable action) {
        try {
            action.run();
        } finally {
            handled.incrementAndGet();
        }
    }

    /**
     * Waits until all changes have been handled that have been seen by now, or until this is over.
     *
     * <p>Not a wait for the loop's thread: that thread may wait for the lock of the connection that this call is about.
     */
    void awaitHandled(BooleanSupplier isOver) {
        long due = seen.get();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (handled.get() < due && !isOver.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }
}
