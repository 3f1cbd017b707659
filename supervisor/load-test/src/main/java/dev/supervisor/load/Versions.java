package dev.supervisor.load;

import java.util.function.LongConsumer;

/**
 * The newest version that any client has seen. An answer is stale if a newer one was known already when its request was
 * sent; one that had been sent before may well be answered by the build that it was sent to.
 *
 * <p>Where the builds are put in place in turn, versions may go back once each time that the first one comes again: a new
 * lap begins then, and versions of different laps are not compared. Thread-safe.
 */
final class Versions {

    /** What was known at a time; an immutable value, so that requests can keep it. */
    record Known(int lap, long version) {

        boolean makesStale(long answer, int answerLap) {
            return lap == answerLap && answer < version;
        }
    }

    private final LongConsumer onNew;
    private volatile Known known = new Known(0, BodyCheck.NO_VERSION);
    private boolean mayGoBack;

    /** @param onNew is told of each new version, by the thread that has seen it first */
    Versions(LongConsumer onNew) {
        this.onNew = onNew;
    }

    Known known() {
        return known;
    }

    /** The builds begin anew: the next version that is lower than the newest is no stale one. */
    synchronized void mayGoBack() {
        mayGoBack = true;
    }

    /** Takes the version of an answer into account, and returns what is known now. */
    Known see(long version) {
        Known now = known;
        return version == now.version() ? now : seeAnother(version);
    }

    private synchronized Known seeAnother(long version) {
        Known before = known;
        if (version > before.version()) {
            known = new Known(before.lap(), version);
        } else if (version < before.version() && mayGoBack) {
            mayGoBack = false;
            known = new Known(before.lap() + 1, version);
        }
        if (known != before) {
            onNew.accept(version);
        }
        return known;
    }
}
