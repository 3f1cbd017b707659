package dev.supervisor.bench.figures;

import java.util.List;

/** From saves to new answers, and from commands to first answers. */
public record DevLoopFigures(List<Loop> loops, List<Start> starts) {

    /** The name of the plugin's smallest project, which is compared with {@link #QUARKUS}. */
    public static final String PLUGIN = "plugin-2";

    public static final String QUARKUS = "quarkus";

    /**
     * What should be reached.
     *
     * @param median in ms; 0 is no aim
     * @param maximum in ms; 0 is no aim
     */
    public record Aim(int median, int maximum) {

        public static final Aim NONE = new Aim(0, 0);
    }

    /**
     * Saves in one project, which a tool serves.
     *
     * @param stale answers of the former build
     * @param closed connections that the server has closed without announcing it
     * @param failed requests without an answer, or with another one than 200
     * @param saves in ms, from the save to the end of the new answer; empty if it was not measured
     * @param leftOut why it was not measured; otherwise empty
     */
    public record Loop(
            String name,
            String tool,
            String project,
            Aim aim,
            int stale,
            int closed,
            int failed,
            List<Double> saves,
            String leftOut) {

        public Quantiles millis() {
            return Quantiles.of(saves, Double::doubleValue);
        }

        public boolean isMeasured() {
            return !saves.isEmpty();
        }
    }

    /**
     * Starts of one project, in seconds: to the first answer by the plugin, to the end by Maven alone.
     *
     * @param compileClean {@code mvn compile} of all
     * @param runClean the plugin, which compiles all
     * @param compileAgain {@code mvn compile}, with nothing to do
     * @param runAgain the plugin, with nothing to compile
     */
    public record Start(
            String project, Quantiles compileClean, Quantiles runClean, Quantiles compileAgain, Quantiles runAgain) {}
}
