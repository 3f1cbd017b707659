package dev.supervisor.bench.figures;

import java.util.List;

/**
 * An unmodified server under the supervisor, and without it.
 *
 * @param reloads by each way, the supervisor's first
 * @param steadyState of the server alone and under the supervisor; without rounds, none
 */
public record ProgramFigures(String program, List<Reloads> reloads, List<SteadyStateFigures> steadyState) {

    /**
     * Reloads by one way, warm.
     *
     * @param millis from the new build in place to its first answer
     * @param problems requests that failed, and stale answers
     */
    public record Reloads(String way, Quantiles millis, long answers, int problems, List<Double> each) {}
}
