package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.Event.Failed.Next;

/** Implements {@code --fail-fast}: stops the command if the first build fails. Thread-safe. */
final class FailFast {

    private final Runnable stop;

    // Guarded by this.
    private boolean decided;
    private boolean failed;

    /** @param stop called once at most, if the first build fails */
    FailFast(Runnable stop) {
        this.stop = stop;
    }

    /**
     * Stops the command if this is the failure of the first build. A superseded failure does not count: the sources
     * have changed, and the first build is built again already.
     */
    void accept(Event event) {
        boolean hasFailed = event instanceof Event.Failed failure && failure.next() != Next.SUPERSEDED;
        if (decides(event instanceof Event.Serving || hasFailed, hasFailed)) {
            stop.run();
        }
    }

    private synchronized boolean decides(boolean isLast, boolean hasFailed) {
        if (decided || !isLast) {
            return false;
        }
        decided = true;
        failed = hasFailed;
        return failed;
    }

    synchronized boolean hasFailed() {
        return failed;
    }
}
