package dev.supervisor;

import java.util.List;

/**
 * Decides when to build a generation and what clients get meanwhile. Pure: each transition returns the next state and
 * what is to be done, in order; {@link SwapLoop} does it.
 *
 * <pre>
 *             changed                     outcome: started, unchanged, failed
 *   IDLE ──────────────────▶ WORKING ──────────────────────────────────────▶ IDLE
 *     ▲                        ▲  │
 *     │ patience over   changed│  │ outcome: not ready
 *     └──────────────────── AWAITING
 * </pre>
 *
 * An application that exits is replaced by the failure page in any of them. A change that is seen while WORKING makes
 * the outcome outdated, if the work had begun with the build before it: then there is exactly one more turn, with
 * whatever the build is by then.
 *
 * @param hold whether new work waits from the moment of a change; otherwise the old build does it (overlap)
 * @param live who serves, or served until the current hold
 * @param changes how many have been seen
 */
record SwapState(boolean hold, Live live, Activity activity, long changes) {

    enum Live {
        NOTHING,
        APPLICATION,
        FAILURE_PAGE
    }

    enum Activity {
        IDLE,
        /** A snapshot is being taken, loaded or started. */
        WORKING,
        /** The build is incomplete or gone; the next change brings it, or patience ends. */
        AWAITING
    }

    enum Action {
        /** New work waits. */
        HOLD,
        /** Take a snapshot of the build, load and start it. */
        WORK,
        /** The generation just started takes the place of the live one, which begins to drain. */
        INSTALL,
        /** Work goes to who is live, also what has waited. */
        OPEN,
        /** The failure page takes the place of who is live. */
        INSTALL_FAILURE,
        /** Say that a build failed. */
        REPORT_FAILURE,
        /** Say that a build failed that does not matter any more: the next is to be made. */
        REPORT_OUTDATED_FAILURE,
        /** Wait for the next change, but not for ever. */
        AWAIT
    }

    record Step(SwapState state, List<Action> actions) {}

    static SwapState initial(boolean hold) {
        return new SwapState(hold, Live.NOTHING, Activity.IDLE, 0);
    }

    Step changed() {
        SwapState next = new SwapState(hold, live, Activity.WORKING, changes + 1);
        if (activity == Activity.WORKING) {
            return step(next);
        }
        return holds() ? step(next, Action.HOLD, Action.WORK) : step(next, Action.WORK);
    }

    /** @param upTo the number of changes that had been seen when the work began */
    Step started(long upTo) {
        if (!outdated(upTo)) {
            return step(to(Live.APPLICATION, Activity.IDLE), Action.INSTALL, Action.OPEN);
        }
        SwapState next = to(Live.APPLICATION, Activity.WORKING);
        return hold ? step(next, Action.INSTALL, Action.WORK) : step(next, Action.INSTALL, Action.OPEN, Action.WORK);
    }

    /** The build has the same bytes as what is live. */
    Step unchanged(long upTo) {
        return outdated(upTo) ? step(this, Action.WORK) : step(to(live, Activity.IDLE), Action.OPEN);
    }

    Step notReady(long upTo) {
        return outdated(upTo) ? step(this, Action.WORK) : step(to(live, Activity.AWAITING), Action.AWAIT);
    }

    Step failed(long upTo) {
        return outdated(upTo) ? step(this, Action.REPORT_OUTDATED_FAILURE, Action.WORK) : fail();
    }

    Step patienceOver() {
        return activity == Activity.AWAITING ? fail() : step(this);
    }

    /**
     * The application has asked for its own end. What is in the making may take its place. Pages in browsers look as soon as
     * a failure is reported: with the gates open, not before there is something to see.
     */
    Step exited() {
        if (live != Live.APPLICATION) {
            return step(this);
        }
        SwapState next = to(Live.FAILURE_PAGE, activity);
        return activity == Activity.IDLE
                ? step(next, Action.INSTALL_FAILURE, Action.OPEN, Action.REPORT_FAILURE)
                : step(next, Action.HOLD, Action.INSTALL_FAILURE, Action.REPORT_FAILURE);
    }

    private Step fail() {
        return holds()
                ? step(to(Live.FAILURE_PAGE, Activity.IDLE), Action.REPORT_FAILURE, Action.INSTALL_FAILURE, Action.OPEN)
                : step(to(live, Activity.IDLE), Action.REPORT_FAILURE);
    }

    /** Without an application there is nothing that could overlap. */
    private boolean holds() {
        return hold || live != Live.APPLICATION;
    }

    private boolean outdated(long upTo) {
        return changes > upTo;
    }

    private SwapState to(Live nextLive, Activity nextActivity) {
        return new SwapState(hold, nextLive, nextActivity, changes);
    }

    private static Step step(SwapState next, Action... actions) {
        return new Step(next, List.of(actions));
    }
}
