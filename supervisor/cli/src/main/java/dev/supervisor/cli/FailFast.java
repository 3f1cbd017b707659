package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.Event.Failed.Next;

/** Implements {@code --fail-fast}: stops the command if the first build fails. Thread-safe. */
final class FailFast {

    private final Runnable stop;

    // Guarded by this.
    private boolean decided;
    private boolean failed;
    private boolean stopped;

    /** @param stop called once at most, if the first build fails */
    FailFast(Runnable stop) {
        this.stop = stop;
    }

    /**
     * Returns the event as it is to be told: the failure of the first build is followed by the end. A superseded failure
     * does not count: the sources have changed, and the first build is built again already.
     */
    Event judge(Event event) {
        if (event instanceof Event.Failed failure && failure.next() != Next.SUPERSEDED) {
            return decides(true) ? new Event.Failed(failure.problem(), Next.ENDING) : event;
        }
        if (event instanceof Event.Serving) {
            decides(false);
        }
        return event;
    }

    /** Stops the command if the first build has failed. To be called when that has been told. */
    void stopIfFailed() {
        if (isToStop()) {
            stop.run();
        }
    }

    private synchronized boolean isToStop() {
        boolean first = failed && !stopped;
        stopped |= failed;
        return first;
    }

    /** Returns whether the first build has failed just now. */
    private synchronized boolean decides(boolean hasFailed) {
        if (decided) {
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
