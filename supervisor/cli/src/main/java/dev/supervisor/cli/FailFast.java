package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.Event.Failed.Next;

/** Ends the command when the first build has failed, {@code --fail-fast}. Thread-safe. */
final class FailFast {

    private final Runnable stop;

    // Guarded by this.
    private boolean decided;
    private boolean failed;

    /** @param stop called once at most, if the first build fails */
    FailFast(Runnable stop) {
        this.stop = stop;
    }

    /** A failure is not the last word on the first build if that is built again already, since it has changed. */
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
