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
 * <p>While paused, changes are counted and nothing else follows from them. A swap can still be asked for. What had begun is
 * completed, but nothing is tried again and no incomplete build is awaited while there is a backend that can serve: that
 * counts as one more change, which is acted upon after the pause.
 *
 * @param hold whether new work waits from the moment of a change; otherwise the old build does it (overlap)
 * @param live the backend that serves, or served until the current hold
 * @param open whether the gates are open to it
 * @param retry whether the build is tried again without a change
 * @param changes how many have been seen
 * @param paused whether changes are noted only
 * @param wanted the last change that has been acted upon, or is to be; the later ones are noted only
 */
record SwapState(
        boolean hold,
        Live live,
        Activity activity,
        boolean open,
        Retry retry,
        long changes,
        boolean paused,
        long wanted) {

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
        /** Say that a build failed, or was given up. */
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
        return new SwapState(hold, Live.NOTHING, Activity.IDLE, false, Retry.NONE, 0, false, 0);
    }

    Step changed() {
        return paused ? step(noted()) : noted().workOnAll();
    }

    /** A swap is asked for, of the build as it is by then. Done in a pause too, which goes on. */
    Step asked() {
        return noted().workOnAll();
    }

    /**
     * A swap to a former build is asked for. Begins a pause, so that no change replaces that build again. The number of the
     * request is {@link #wanted} in the state that follows; changes that no swap was completed for stay noted.
     *
     * @param again whether the work under way, if there is some, is for such a request too
     */
    Step rollback(boolean again) {
        Step step = in(true).noted().workOnAll();
        boolean interrupts = again ? hasNoted() : !isSettled();
        return interrupts ? new Step(step.state().noted(), step.actions()) : step;
    }

    Step pause() {
        SwapState pausing = in(true);
        if (activity == Activity.AWAITING && live != Live.NOTHING) {
            return pausing.giveUp();
        }
        if (activity != Activity.IDLE || retry == Retry.NONE) {
            return step(pausing);
        }
        return pausing.noted().goOnWithout(retry);
    }

    /** Acts upon what was noted in the pause, by one swap. */
    Step resume() {
        SwapState resumed = in(false);
        return hasNoted() ? resumed.workOnAll() : step(resumed);
    }

    /** Whether there are changes that no swap is made for before the end of the pause. */
    boolean hasNoted() {
        return changes > wanted;
    }

    /** Whether all changes have been acted upon, with an outcome that nothing follows. */
    private boolean isSettled() {
        return activity == Activity.IDLE && retry == Retry.NONE && !hasNoted();
    }

    private Step workOnAll() {
        boolean shuts = open && holds();
        List<Action> actions = new ArrayList<>();
        if (shuts) {
            actions.add(Action.HOLD);
        }
        if (activity != Activity.WORKING) {
            actions.add(Action.WORK);
        }
        return new Step(
                new SwapState(hold, live, Activity.WORKING, open && !shuts, Retry.NONE, changes, paused, changes),
                actions);
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
            return step(to(Live.APPLICATION, Activity.IDLE).covering(upTo).opened(), Action.INSTALL, Action.OPEN);
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
                : step(to(live, Activity.IDLE).covering(upTo).opened(), Action.OPEN);
    }

    /** Another change is supposed to complete the build. */
    Step notReady(long upTo) {
        if (outdated(upTo)) {
            return step(this, Action.WORK);
        }
        if (paused && live != Live.NOTHING) {
            return giveUp();
        }
        return retry.isQuiet()
                ? to(live, Activity.IDLE).goOnWithout(retry)
                : step(to(live, Activity.AWAITING), Action.AWAIT);
    }

    /** The machine lacks something that it may have again soon, whether the build changes or not. */
    Step lacking(long upTo) {
        if (outdated(upTo)) {
            return step(this, Action.WORK);
        }
        if (paused && live != Live.NOTHING) {
            return giveUp();
        }
        return switch (retry) {
            case NONE -> step(to(live, Activity.AWAITING).with(Retry.FIRST), Action.AWAIT);
            case FIRST, AFTER_FORMER -> fail(Retry.LATER, Action.RETRY_LATER);
            case LATER -> step(to(live, Activity.IDLE).with(Retry.LATER), Action.RETRY_LATER);
        };
    }

    /** @param former whether the generation before had not ended when the work began */
    Step failed(long upTo, boolean former) {
        if (outdated(upTo)) {
            return step(this, Action.REPORT_OUTDATED_FAILURE, Action.WORK);
        }
        return covering(upTo).fail(former && holds() ? Retry.AFTER_FORMER : Retry.NONE);
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
                new SwapState(hold, Live.FAILURE_PAGE, activity, false, waitedFor, changes, paused, wanted),
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
        if (paused && next != Retry.NONE) {
            return noted().fail(Retry.NONE);
        }
        SwapState failed = holds() ? to(Live.FAILURE_PAGE, Activity.IDLE).opened() : to(live, Activity.IDLE);
        List<Action> actions = new ArrayList<>(List.of(Action.REPORT_FAILURE));
        if (holds()) {
            actions.addAll(List.of(Action.INSTALL_FAILURE, Action.OPEN));
        }
        actions.addAll(List.of(more));
        return new Step(failed.with(next), actions);
    }

    /** Nothing is tried again. Callers that wait for the outcome of the attempt after the former generation are told only now. */
    private Step goOnWithout(Retry reason) {
        SwapState next = with(Retry.NONE);
        return reason == Retry.AFTER_FORMER ? step(next, Action.REPORT_FAILURE) : step(next);
    }

    /** Lets the backend before go on in the pause: what was begun can be completed by a later change only. */
    private Step giveUp() {
        return step(noted().to(live, Activity.IDLE).opened(), Action.REPORT_FAILURE, Action.OPEN);
    }

    private Step workAgain() {
        return step(new SwapState(hold, live, Activity.WORKING, open, retry, changes, paused, wanted), Action.WORK);
    }

    /** Without an application there is nothing that could overlap. */
    private boolean holds() {
        return hold || live != Live.APPLICATION;
    }

    private boolean outdated(long upTo) {
        return wanted > upTo;
    }

    private SwapState noted() {
        return new SwapState(hold, live, activity, open, retry, changes + 1, paused, wanted);
    }

    private SwapState in(boolean pause) {
        return new SwapState(hold, live, activity, open, retry, changes, pause, wanted);
    }

    /** The build that there is now has all changes up to this one, noted ones too. */
    private SwapState covering(long upTo) {
        return new SwapState(hold, live, activity, open, retry, changes, paused, Math.max(wanted, upTo));
    }

    private SwapState to(Live nextLive, Activity nextActivity) {
        return new SwapState(hold, nextLive, nextActivity, open, Retry.NONE, changes, paused, wanted);
    }

    private SwapState opened() {
        return new SwapState(hold, live, activity, true, retry, changes, paused, wanted);
    }

    private SwapState with(Retry next) {
        return new SwapState(hold, live, activity, open, next, changes, paused, wanted);
    }

    private static Step step(SwapState next, Action... actions) {
        return new Step(next, List.of(actions));
    }
}
