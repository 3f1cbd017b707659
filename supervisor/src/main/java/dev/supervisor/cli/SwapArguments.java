package dev.supervisor.cli;

import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.Swap;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Options about how a new build takes over, and how a former one ends. */
final class SwapArguments {

    @Option(
            names = "--swap",
            paramLabel = "hold|overlap",
            defaultValue = "hold",
            description = "While a new build comes up, new work waits for it (hold), or the old build does it until the"
                    + " new one is ready, and goes on if that fails (overlap). Default: ${DEFAULT-VALUE}.")
    private Swap swap = Swap.HOLD;

    @Option(
            names = "--start-timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long the application's start may take. Default: ${DEFAULT-VALUE}.")
    private Duration startTimeout = Duration.ZERO;

    @Option(
            names = "--drain-timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description =
                    "How long a former generation may go on with what it had begun, before what is left is closed;"
                            + " 0 moves what is idle and closes the rest. Default: ${DEFAULT-VALUE}.")
    private Duration drainTimeout = Duration.ZERO;

    @Option(
            names = "--stop-timeout",
            paramLabel = "DURATION",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description = "How long the close() of a former generation may take, and then its shutdown hooks, and the"
                    + " threads that it has forgotten, which are interrupted. Default: ${DEFAULT-VALUE}.")
    private Duration stopTimeout = Duration.ZERO;

    @Option(
            names = "--max-generations",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many generations may serve, start, and finish what they had begun at a time; the next swap"
                    + " waits. Those that have ended don't count. Default: ${DEFAULT-VALUE}.")
    private int maxGenerations;

    void addTo(SupervisorOptions.Builder options) {
        options.swap(swap)
                .startTimeout(startTimeout)
                .drainTimeout(drainTimeout)
                .stopTimeout(stopTimeout)
                .maxGenerations(maxGenerations);
    }
}
