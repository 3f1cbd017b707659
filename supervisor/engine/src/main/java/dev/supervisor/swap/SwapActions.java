package dev.supervisor.swap;

import dev.supervisor.process.SupervisorThreads;
import dev.supervisor.swap.SwapState.Action;
import dev.supervisor.swap.SwapState.Step;

/**
 * Performs what {@link SwapState} decides. An action that fails prevents no other; what the state says is made true
 * again after a pause, and again, until that succeeds. Belongs to the thread of the {@link SwapLoop}; the state can be
 * read from any.
 */
final class SwapActions {

    /** What the actions act on. */
    interface World {

        void perform(Action action);

        /** All actions of a step have been performed. */
        void performed();

        /** Whether a generation is being made. */
        boolean isWorking();

        /** Runs this after a pause, on the same thread. */
        void later(Runnable action);

        /** Something in a step has failed, and nothing in the step before. It is going to be tried again. */
        void failed(String what, Throwable why);
    }

    private final World world;

    private volatile SwapState state;

    /** Whether the last step has failed: the world knows then. */
    private boolean failing;

    /** Whether a repair is due. */
    private boolean repairing;

    SwapActions(SwapState state, World world) {
        this.state = state;
        this.world = world;
    }

    SwapState state() {
        return state;
    }

    /** Returns whether a generation is being made. */
    boolean isWorking() {
        return world.isWorking();
    }

    void apply(Step step) {
        state = step.state();
        boolean done = true;
        for (Action action : step.actions()) {
            done &= succeeds(action.name(), () -> world.perform(action));
        }
        done &= succeeds("end of step", world::performed);
        failing = !done;
        if (failing && !repairing) {
            repairing = succeeds("retry", () -> world.later(this::repair));
        }
    }

    private void repair() {
        repairing = false;
        apply(state.again(world.isWorking()));
    }

    private boolean succeeds(String what, Runnable action) {
        try {
            action.run();
            return true;
        } catch (RuntimeException | Error e) {
            if (!failing) {
                SupervisorThreads.run(() -> world.failed(what, e));
            }
            return false;
        }
    }
}
