package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.Event.Failed.Next;
import dev.supervisor.Problem;
import dev.supervisor.SupervisorOptions;
import java.util.function.Consumer;

/**
 * Says that a build has failed: on the failure page, by an event, in the history, and to the callers that wait. Belongs to the
 * thread of the {@link SwapLoop}.
 */
final class FailureReports {

    /** What the failure of a step is. */
    enum Cause {
        /** An attempt to make a generation. */
        ATTEMPT,
        /** One more attempt with the same build, which has failed like the one before. */
        ATTEMPT_AS_BEFORE,
        /** The live application has ended itself: that is not the outcome of a swap that may be under way. */
        EXIT,
        /** The live generation, in whose place the former one serves again. A swap that may be under way goes on. */
        BROUGHT_BACK
    }

    private final SupervisorOptions options;
    private final LiveBackend backend;
    private final WantedBuild wanted;
    private final SwapOutcomes outcomes;
    private final SwapHistory history;
    private final Consumer<Event> events;

    private Cause cause = Cause.ATTEMPT;

    FailureReports(
            SupervisorOptions options,
            LiveBackend backend,
            WantedBuild wanted,
            SwapOutcomes outcomes,
            SwapHistory history,
            Consumer<Event> events) {
        this.options = options;
        this.backend = backend;
        this.wanted = wanted;
        this.outcomes = outcomes;
        this.history = history;
        this.events = events;
    }

    /** Makes this the problem that is shown and reported. */
    void problem(Problem problem) {
        backend.problem(problem.withOptionNames(options::render));
    }

    /** Returns whether this is the problem that was shown last. */
    boolean isShown(Problem problem) {
        return options.render(problem.summary()).equals(backend.problem().summary());
    }

    /** Performs a step whose failure is of this kind. */
    void during(Cause kind, Runnable step) {
        cause = kind;
        try {
            step.run();
        } finally {
            cause = Cause.ATTEMPT;
        }
    }

    /** @param state after the step */
    void failed(SwapState state) {
        newestFailed(state);
        if (cause == Cause.BROUGHT_BACK) {
            events.accept(new Event.Failed(backend.problem(), Next.BROUGHT_BACK));
            return;
        }
        if (state.retry() != SwapState.Retry.AFTER_FORMER) {
            outcomes.failed(backend.problem());
        }
        report(next(state));
    }

    /** Another attempt follows, with a newer build. */
    void failedOutdated(SwapState state) {
        newestFailed(state);
        report(Next.SUPERSEDED);
    }

    /** A change whose build is given up for a pause is only noted. */
    private void newestFailed(SwapState state) {
        if (!state.paused() || outcomes.areAwaited()) {
            wanted.failed();
        }
    }

    private Next next(SwapState state) {
        if (state.live() == SwapState.Live.APPLICATION) {
            return Next.OLD_SERVES;
        }
        if (cause == Cause.ATTEMPT_AS_BEFORE) {
            return Next.AS_BEFORE;
        }
        return switch (state.retry()) {
            case NONE, FIRST -> Next.WAITING;
            case LATER -> Next.TRYING_AGAIN;
            case AFTER_FORMER -> Next.AFTER_FORMER;
        };
    }

    private void report(Next next) {
        if (cause != Cause.EXIT) {
            history.failed(backend.problem(), next == Next.SUPERSEDED);
        }
        events.accept(new Event.Failed(backend.problem(), next));
    }
}
