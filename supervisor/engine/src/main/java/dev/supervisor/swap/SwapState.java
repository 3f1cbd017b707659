package dev.supervisor.swap;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides when to build a generation and what clients get meanwhile. Pure: each transition returns the next state and
 * the actions to perform, in order; {@link SwapActions} performs them.
 *
 * <pre>
 *             changed, or a retry         outcome: started, unchanged, failed
 *   IDLE ──────────────────▶ WORKING ──────────────────────────────────────▶ IDLE
 *     ▲                        ▲  │
 *     │ patience over   changed│  │ outcome: not ready, lacking
 *     └──────────────────── AWAITING
 * </pre>
 *
 * An application that exits is replaced by the failure page in any of them. A change that is seen while WORKING makes
 * the outcome outdated, if the work had begun with the build before it: then there is exactly one more turn, with
 * whatever the build is by then.
 *
 * @param hold whether new work waits from the moment of a change; otherwise the old build does it (overlap)
 * @param live the backend that serves, or served until the current hold
 * @param open whether the gates are open to it
 * @param retry whether the build is tried again without a change
 * @param changes how many have been seen
 */
record SwapState(boolean hold, Live live, Activity activity, boolean open, Retry retry, long changes) {

    enum Live {
        NOTHING,
        APPLICATION,
        FAILURE_PAGE
    }

    enum Activity {
        IDLE,
        /** A snapshot is being taken, loaded or started. */
        WORKING,
        /** The build is incomplete or gone, or the machine lacks something: the next change mends it, or patience ends. */
        AWAITING
    }

    /** Why a build that did not come up may come up unchanged. While WORKING: why this attempt is made. */
    enum Retry {
        NONE,
        /** The machine lacks something, such as descriptors: the next attempt ends the patience with it. */
        FIRST,
        /** The machine still lacks it, and the failure has been reported: attempts go on quietly. */
        LATER,
        /** The former generation had not ended, and may have held what the start needed. Tried once. */
        AFTER_FORMER;

        /** Whether clients see the failure meanwhile, so that no request waits for the outcome. */
        boolean isQuiet() {
            return this == LATER || this == AFTER_FORMER;
        }
    }

    enum Action {
        /** New work waits. */
        HOLD,
        /** Take a snapshot of the build, load and start it. */
        WORK,
        /** The live generation begins to drain, before the next one has started. */
        LEAVE,
        /** The generation just started takes the place of the live one, which begins to drain. */
        INSTALL,
        /** Work goes to the live backend, beginning with the work that has waited. */
        OPEN,
        /** The failure page takes the place of the live backend. */
        INSTALL_FAILURE,
        /** Say that a build failed. */
        REPORT_FAILURE,
        /** Say that a build failed that does not matter any more: the next is to be made. */
        REPORT_OUTDATED_FAILURE,
        /** Wait for the next change, but not for ever. */
        AWAIT,
        /** Try the same build again, after a pause. */
        RETRY_LATER
    }

    record Step(SwapState state, List<Action> actions) {}

    static SwapState initial(boolean hold) {
        return new SwapState(hold, Live.NOTHING, Activity.IDLE, false, Retry.NONE, 0);
    }

    Step changed() {
        boolean shuts = open && holds();
        List<Action> actions = new ArrayList<>();
        if (shuts) {
            actions.add(Action.HOLD);
        }
        if (activity != Activity.WORKING) {
            actions.add(Action.WORK);
        }
        return new Step(new SwapState(hold, live, Activity.WORKING, open && !shuts, Retry.NONE, changes + 1), actions);
    }

    /** The next generation is about to start, and needs what only one can have: the live one is to end before. */
    Step makesWay() {
        return activity == Activity.WORKING && live == Live.APPLICATION && hold
                ? step(to(Live.NOTHING, Activity.WORKING), Action.LEAVE)
                : step(this);
    }

    /** @param upTo the number of changes that had been seen when the work began */
    Step started(long upTo) {
        if (!outdated(upTo)) {
            return step(to(Live.APPLICATION, Activity.IDLE).opened(), Action.INSTALL, Action.OPEN);
        }
        SwapState next = to(Live.APPLICATION, Activity.WORKING);
        return hold
                ? step(next, Action.INSTALL, Action.WORK)
                : step(next.opened(), Action.INSTALL, Action.OPEN, Action.WORK);
    }

    /** The build has the same bytes as the live generation. */
    Step unchanged(long upTo) {
        return outdated(upTo)
                ? step(this, Action.WORK)
                : step(to(live, Activity.IDLE).opened(), Action.OPEN);
    }

    /** Another change is supposed to complete the build. */
    Step notReady(long upTo) {
        if (outdated(upTo)) {
            return step(this, Action.WORK);
        }
        return retry.isQuiet() ? step(to(live, Activity.IDLE)) : step(to(live, Activity.AWAITING), Action.AWAIT);
    }

    /** The machine lacks something that it may have again soon, whether the build changes or not. */
    Step lacking(long upTo) {
        if (outdated(upTo)) {
            return step(this, Action.WORK);
        }
        return switch (retry) {
            case NONE -> step(to(live, Activity.AWAITING).with(Retry.FIRST), Action.AWAIT);
            case FIRST -> fail(Retry.LATER, Action.RETRY_LATER);
            case LATER, AFTER_FORMER -> step(to(live, Activity.IDLE).with(Retry.LATER), Action.RETRY_LATER);
        };
    }

    /** @param former whether the generation before had not ended when the work began */
    Step failed(long upTo, boolean former) {
        if (outdated(upTo)) {
            return step(this, Action.REPORT_OUTDATED_FAILURE, Action.WORK);
        }
        return fail(former && holds() ? Retry.AFTER_FORMER : Retry.NONE);
    }

    Step patienceOver() {
        if (activity != Activity.AWAITING) {
            return step(this);
        }
        return retry == Retry.FIRST ? workAgain() : fail(Retry.NONE);
    }

    /** The pause after {@link Action#RETRY_LATER} is over. */
    Step pauseOver() {
        return activity == Activity.IDLE && retry == Retry.LATER ? workAgain() : step(this);
    }

    /** The generation that had served last has ended. */
    Step formerEnded() {
        return activity == Activity.IDLE && retry == Retry.AFTER_FORMER ? workAgain() : step(this);
    }

    /**
     * The application has asked for its own end. A generation in the making may take its place. Pages in browsers look as soon as
     * a failure is reported: with the gates open, not before there is something to see.
     */
    Step exited() {
        if (live != Live.APPLICATION) {
            return step(this);
        }
        if (activity == Activity.IDLE) {
            return step(
                    to(Live.FAILURE_PAGE, activity).with(retry).opened(),
                    Action.INSTALL_FAILURE,
                    Action.OPEN,
                    Action.REPORT_FAILURE);
        }
        Retry waitedFor = retry.isQuiet() ? Retry.NONE : retry;
        return step(
                new SwapState(hold, Live.FAILURE_PAGE, activity, false, waitedFor, changes),
                Action.HOLD,
                Action.INSTALL_FAILURE,
                Action.REPORT_FAILURE);
    }

    /**
     * The live generation makes too many errors, and the former one, which was kept, takes its place again. A generation in the
     * making is made all the same.
     */
    Step broughtBack() {
        return holds() ? step(this) : step(this.opened(), Action.INSTALL, Action.OPEN, Action.REPORT_FAILURE);
    }

    /**
     * Some action could not be performed: performs what makes it true again what this state says. Each of these may be
     * performed twice.
     *
     * @param working whether work is under way
     */
    Step again(boolean working) {
        List<Action> actions = new ArrayList<>();
        actions.add(
                switch (live) {
                    case NOTHING -> Action.LEAVE;
                    case APPLICATION -> Action.INSTALL;
                    case FAILURE_PAGE -> Action.INSTALL_FAILURE;
                });
        actions.add(open ? Action.OPEN : Action.HOLD);
        if (activity == Activity.WORKING && !working) {
            actions.add(Action.WORK);
        }
        if (activity == Activity.AWAITING) {
            actions.add(Action.AWAIT);
        }
        if (activity == Activity.IDLE && retry == Retry.LATER) {
            actions.add(Action.RETRY_LATER);
        }
        return new Step(this, actions);
    }

    private Step fail(Retry next, Action... more) {
        SwapState failed = holds() ? to(Live.FAILURE_PAGE, Activity.IDLE).opened() : to(live, Activity.IDLE);
        List<Action> actions = new ArrayList<>(List.of(Action.REPORT_FAILURE));
        if (holds()) {
            actions.addAll(List.of(Action.INSTALL_FAILURE, Action.OPEN));
        }
        actions.addAll(List.of(more));
        return new Step(failed.with(next), actions);
    }

    private Step workAgain() {
        return step(new SwapState(hold, live, Activity.WORKING, open, retry, changes), Action.WORK);
    }

    /** Without an application there is nothing that could overlap. */
    private boolean holds() {
        return hold || live != Live.APPLICATION;
    }

    private boolean outdated(long upTo) {
        return changes > upTo;
    }

    private SwapState to(Live nextLive, Activity nextActivity) {
        return new SwapState(hold, nextLive, nextActivity, open, Retry.NONE, changes);
    }

    private SwapState opened() {
        return new SwapState(hold, live, activity, true, retry, changes);
    }

    private SwapState with(Retry next) {
        return new SwapState(hold, live, activity, open, next, changes);
    }

    private static Step step(SwapState next, Action... actions) {
        return new Step(next, List.of(actions));
    }
}
