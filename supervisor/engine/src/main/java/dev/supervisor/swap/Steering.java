package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.OptionKey;
import dev.supervisor.Problem;
import dev.supervisor.Status;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.SwapOutcome;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What the loop is told to do by changes of files, by people and by programs: each is one step of the {@link SwapState}. Belongs
 * to the thread of the {@link SwapLoop}.
 */
final class Steering {

    private final SupervisorOptions options;
    private final SwapActions steps;
    private final BuildTurns turns;
    private final Changes changes;
    private final WantedBuild wanted;
    private final SwapOutcomes outcomes;
    private final Withdrawal withdrawal;
    private final LiveBackend backend;
    private final SwapHistory history;
    private final BooleanSupplier isStarting;
    private final Consumer<Event> events;

    /** @param isStarting whether a generation has been loaded and does not serve yet */
    Steering(
            SupervisorOptions options,
            SwapActions steps,
            BuildTurns turns,
            Changes changes,
            WantedBuild wanted,
            SwapOutcomes outcomes,
            Withdrawal withdrawal,
            LiveBackend backend,
            SwapHistory history,
            BooleanSupplier isStarting,
            Consumer<Event> events) {
        this.options = options;
        this.steps = steps;
        this.turns = turns;
        this.changes = changes;
        this.wanted = wanted;
        this.outcomes = outcomes;
        this.withdrawal = withdrawal;
        this.backend = backend;
        this.history = history;
        this.isStarting = isStarting;
        this.events = events;
    }

    private SwapState state() {
        return steps.state();
    }

    /** The first generation is to be made. */
    void start() {
        history.noticed(Status.Trigger.FIRST);
        steps.apply(state().changed());
    }

    void changed(Path path) {
        if (state().paused()) {
            changes.note(path);
            steps.apply(state().changed());
        } else {
            begin(path);
        }
    }

    private void begin(Path path) {
        changes.begin(path);
        if (state().activity() == SwapState.Activity.IDLE || state().retry().isQuiet()) {
            changes.come(new Event.Changed(path));
        }
        history.noticed(Status.Trigger.CHANGED);
        steps.apply(state().changed());
        changes.report();
    }

    /** Makes a new generation, whether the build has changed or not; in a pause, too. */
    void swap(CompletableFuture<SwapOutcome> outcome) {
        outcomes.add(outcome);
        wanted.newestInAnyCase();
        changes.beginNoted();
        changes.begin(options.app().path());
        changes.come(new Event.SwapAsked());
        history.noticed(Status.Trigger.ASKED);
        steps.apply(state().asked());
        changes.report();
    }

    /** Has a former build serve again, and begins a pause. */
    void rollback(int back, CompletableFuture<SwapOutcome> outcome) {
        boolean again = wanted.isFormer();
        Optional<KeptBuilds.Entry> target = wanted.goBack(back, backend::isLive, isStarting.getAsBoolean());
        if (target.isEmpty()) {
            outcome.complete(SwapOutcome.failed(Problem.of(
                    options.render("no build is kept that could serve again: " + wanted.describe(backend::isLive) + " ("
                            + OptionKey.KEEP_BUILDS + " is " + options.limits().keptBuilds() + ")"))));
            return;
        }
        outcomes.add(outcome);
        if (steps.isWorking()) {
            turns.giveUpUnlessFor(target.get());
            changes.endBuild(options.app().path());
        }
        changes.come(
                new Event.RollbackAsked(target.get().generation(), target.get().build()));
        history.noticed(Status.Trigger.ROLLBACK);
        steps.apply(state().rollback(again));
        changes.report();
    }

    /** Notes changes from now on, and acts upon none. */
    void pause() {
        if (!state().paused()) {
            events.accept(new Event.Paused());
            steps.apply(state().pause());
        }
    }

    /** Acts upon what has changed in the pause, and takes a withdrawal back. */
    void resume() {
        boolean swaps = state().hasNoted();
        if (swaps) {
            wanted.newest();
            changes.beginNoted();
            history.noticed(Status.Trigger.CHANGED);
        }
        if (state().paused() || withdrawal.isWithdrawn()) {
            changes.come(new Event.Resumed(swaps));
        }
        withdrawal.takeBack();
        steps.apply(state().resume());
        changes.report();
    }
}
