package dev.supervisor.swap;

import dev.supervisor.Problem;
import dev.supervisor.SwapOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** The callers that have asked for a swap and wait for its outcome. Belongs to the thread of the {@link SwapLoop}. */
final class SwapOutcomes {

    private final List<CompletableFuture<SwapOutcome>> waiting = new ArrayList<>();

    /** A failure that was reported in this step, and that no attempt with the same build follows. */
    private Optional<Problem> failure = Optional.empty();

    /** Completes this with the outcome of the swap that is under way or about to begin. */
    void add(CompletableFuture<SwapOutcome> outcome) {
        waiting.add(outcome);
    }

    /** Returns whether a caller waits. */
    boolean areAwaited() {
        return !waiting.isEmpty();
    }

    /** The swap has failed for good. */
    void failed(Problem problem) {
        failure = Optional.of(problem);
    }

    /**
     * Ends a step: completes the outcomes, unless another attempt follows.
     *
     * @param serving the number of the generation that new work goes to, if there is one
     */
    void endStep(SwapState.Activity activity, OptionalInt serving) {
        if (activity == SwapState.Activity.IDLE) {
            if (failure.isPresent()) {
                complete(SwapOutcome.failed(failure.get()));
            } else if (serving.isPresent()) {
                complete(SwapOutcome.served(serving.getAsInt()));
            }
        }
        failure = Optional.empty();
    }

    /** Completes all of them: the supervisor stops. */
    void stop() {
        complete(SwapOutcome.stopped());
    }

    private void complete(SwapOutcome outcome) {
        List<CompletableFuture<SwapOutcome>> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(each -> each.complete(outcome));
    }
}
