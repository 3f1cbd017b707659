package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.Problem;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Has the generation before the live one serve again, if that makes too many errors or exits while the former one is kept.
 * Belongs to the thread of the {@link SwapLoop}.
 */
final class BringBack {

    /** How often to look at the errors. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    /** @param failed the number of the live generation, in whose place the former one serves again */
    private record Return(int failed, Problem why) {}

    private final LiveBackend backend;
    private final FailureReports reports;
    private final SwapHistory history;
    private final OneShotTimer timer;
    private final Runnable step;

    /** While the former generation is being brought back. */
    private Optional<Return> underWay = Optional.empty();

    /** @param step performs what {@link SwapState#broughtBack} returns */
    BringBack(LiveBackend backend, FailureReports reports, SwapHistory history, OneShotTimer timer, Runnable step) {
        this.backend = backend;
        this.reports = reports;
        this.history = history;
        this.timer = timer;
        this.step = step;
    }

    /** Watches the errors of the live generation as long as the former one is kept. */
    void watch() {
        if (backend.keepsFormer()) {
            timer.start(BETWEEN_LOOKS, this::look);
        }
    }

    private void look() {
        Optional<Problem> why = backend.tooManyErrors();
        if (why.isEmpty() || !insteadOf(why.get())) {
            watch();
        }
    }

    /** Returns false if the former generation can't serve any more. */
    boolean insteadOf(Problem why) {
        OptionalInt failed = backend.bringBack();
        if (failed.isEmpty()) {
            return false;
        }
        reports.problem(why);
        underWay = Optional.of(new Return(failed.getAsInt(), backend.problem()));
        try {
            reports.during(FailureReports.Cause.BROUGHT_BACK, step);
        } finally {
            underWay = Optional.empty();
        }
        return true;
    }

    /** Returns whether this is the reason of the step that is performed. */
    boolean isUnderWay() {
        return underWay.isPresent();
    }

    /** Tells the history that a generation has begun to serve. */
    void served(Event.Serving serving) {
        underWay.ifPresentOrElse(
                back -> history.broughtBack(back.failed(), serving.held(), back.why()), () -> history.served(serving));
    }

    void stop() {
        timer.cancel();
    }
}
