package dev.supervisor.load;

import java.util.function.LongConsumer;

/**
 * The newest version that any client has seen. An answer is stale if a newer version was known when its request was
 * sent; an earlier request may well be answered by the build that it was sent to.
 *
 * <p>With builds that are put in place in turn, versions may decrease once whenever the first build comes again: a new
 * lap begins then, and versions of different laps are not compared. Thread-safe.
 */
final class Versions {

    /** The newest version at one moment; immutable, so that requests can keep it. */
    record Known(int lap, long version) {

        boolean makesStale(long answer, int answerLap) {
            return lap == answerLap && answer < version;
        }
    }

    private final LongConsumer onNew;
    private volatile Known known = new Known(0, BodyCheck.NO_VERSION);
    private boolean mayGoBack;

    /** @param onNew called with each new version, by the thread that has seen it first */
    Versions(LongConsumer onNew) {
        this.onNew = onNew;
    }

    Known known() {
        return known;
    }

    /** Allows one decrease: the builds begin again, so the next lower version is not stale. */
    synchronized void mayGoBack() {
        mayGoBack = true;
    }

    /** Takes the version of an answer into account, and returns the newest one. */
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
