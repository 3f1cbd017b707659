package dev.supervisor.swap;

import dev.supervisor.Status;
import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.generation.Generation;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link GenerationFactory} is told of the turn that is under way, and what it has the loop do. Its methods are called
 * on the build thread, except {@link #begin} and {@link #giveUpUnlessFor}.
 */
final class BuildTurns implements GenerationFactory.Turns {

    private final Swap swap;
    private final LoopThread thread;
    private final SwapActions steps;
    private final LiveBackend backend;
    private final GenerationEnd generationEnd;
    private final SwapHistory history;

    /** The turn that is under way, or was last. Written by the loop's thread. */
    private volatile @Nullable BuildTurn current;

    BuildTurns(
            Swap swap,
            LoopThread thread,
            SwapActions steps,
            LiveBackend backend,
            GenerationEnd generationEnd,
            SwapHistory history) {
        this.swap = swap;
        this.thread = thread;
        this.steps = steps;
        this.backend = backend;
        this.generationEnd = generationEnd;
        this.history = history;
    }

    /** A turn is about to begin. Called on the loop's thread. */
    void begin(BuildTurn turn) {
        current = turn;
    }

    @Override
    public CompletableFuture<@Nullable Void> end(Generation generation) {
        return generationEnd.end(generation);
    }

    @Override
    public CompletableFuture<@Nullable Void> makeWay() {
        CompletableFuture<@Nullable Void> free = new CompletableFuture<>();
        if (swap == Swap.RECREATE) {
            thread.post(() -> {
                steps.apply(steps.state().makesWay());
                var unused = backend.lastEnded().thenRun(() -> free.complete(null));
            });
        } else {
            free.complete(null);
        }
        return free;
    }

    /** Also while the loop is busy: the state is read from any thread. */
    @Override
    public boolean isOutdated() {
        BuildTurn turn = current;
        return turn != null && steps.state().wanted() > turn.upTo();
    }

    /** Gives up the turn that is under way, unless it is for this build. Called on the loop's thread. */
    void giveUpUnlessFor(KeptBuilds.Entry former) {
        BuildTurn turn = current;
        if (turn != null && !turn.former().equals(Optional.of(former))) {
            turn.giveUp();
        }
    }

    @Override
    public boolean isGivenUp() {
        BuildTurn turn = current;
        return turn != null && turn.isGivenUp();
    }

    @Override
    public void startBegins() {
        Objects.requireNonNull(current).startBegins();
    }

    @Override
    public void startEnds() {
        Objects.requireNonNull(current).startEnds();
    }

    @Override
    public boolean overlaps() {
        return swap == Swap.OVERLAP && steps.state().live() == SwapState.Live.APPLICATION;
    }

    @Override
    public void enter(Status.Phase phase) {
        history.enter(phase);
    }

    @Override
    public void leave() {
        history.leave();
    }
}
