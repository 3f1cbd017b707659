package dev.supervisor;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What became of a swap that was asked for. A swap that a further change has outdated has the outcome of the next one.
 *
 * @param generation the one that serves; empty if the build does not
 * @param problem why the build does not serve; empty if it does, and if the supervisor stops
 */
public record SwapOutcome(Result result, OptionalInt generation, Optional<Problem> problem) {

    /** The kinds of outcomes. */
    public enum Result {
        SERVED,
        FAILED,
        /** The supervisor stops before there is another outcome. */
        STOPPED
    }

    public static SwapOutcome served(int generation) {
        return new SwapOutcome(Result.SERVED, OptionalInt.of(generation), Optional.empty());
    }

    public static SwapOutcome failed(Problem problem) {
        return new SwapOutcome(Result.FAILED, OptionalInt.empty(), Optional.of(problem));
    }

    public static SwapOutcome stopped() {
        return new SwapOutcome(Result.STOPPED, OptionalInt.empty(), Optional.empty());
    }
}
