package dev.supervisor.cli;

import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.SupervisorOptions.WebSockets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options about how a new build takes over, and how a former one ends. */
final class SwapArguments {

    @Option(
            names = "--swap",
            paramLabel = "hold|overlap|recreate",
            description = "While a new build comes up, new work waits for it (hold), or the old build does it until the"
                    + " new one is ready, and goes on if that fails (overlap); recreate is hold, but ends the old build"
                    + " before it starts the new one, for things that exist only once, such as a file lock or a port."
                    + " Default: ${DEFAULT-VALUE}.")
    private @Nullable Swap swap;

    @Option(
            names = "--websocket",
            paramLabel = "stay|move",
            description = "When a new build takes over, WebSockets stay with the old one until it ends them or"
                    + " --drain-timeout is over (stay), or go on with the new one from one message to the next,"
                    + " without compression (move). Default: ${DEFAULT-VALUE}.")
    private @Nullable WebSockets webSockets;

    @Option(
            names = "--start-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long the application's start may take. Default: ${DEFAULT-VALUE}.")
    private @Nullable Duration startTimeout;

    @Option(
            names = "--drain-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "How long a former generation may go on with what it had begun, before what is left is closed;"
                            + " 0 moves what is idle and closes the rest. Default: 30s, and 5s with --build.")
    private @Nullable Duration drainTimeout;

    @OfProcess
    @Option(
            names = "--upgrade-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "2m",
            description = "How long a successor may take to serve, in 'supervisor upgrade'. Default: ${DEFAULT-VALUE}.")
    private Duration upgradeTimeout = Duration.ofMinutes(2);

    @Option(
            names = "--stop-delay",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "How long the supervisor goes on accepting connections and answering requests when it is asked to"
                            + " stop, so that a load balancer has time to send new ones elsewhere. Answers by HTTP/1 say"
                            + " 'Connection: close' then. Default: ${DEFAULT-VALUE}.")
    private @Nullable Duration stopDelay;

    @Option(
            names = "--stop-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long each step in the end of a former generation may take: its close(), its shutdown"
                    + " hooks, and the end of the threads that it left running, which are interrupted."
                    + " Default: ${DEFAULT-VALUE}.")
    private @Nullable Duration stopTimeout;

    @Option(
            names = "--max-generations",
            paramLabel = "N",
            description =
                    "How many generations may start, serve and drain at a time. A further one cuts the oldest drain"
                            + " short, once that has had 3s. Ended generations don't count."
                            + " Default: ${DEFAULT-VALUE}.")
    private @Nullable Integer maxGenerations;

    @Option(
            names = "--keep-builds",
            paramLabel = "N",
            description =
                    "How many builds that have served are kept for 'supervisor rollback', the live one among them."
                            + " Their copies are in --work-dir; 1 keeps no former one. Default: ${DEFAULT-VALUE}.")
    private @Nullable Integer keepBuilds;

    Duration upgradeTimeout() {
        return upgradeTimeout;
    }

    void addTo(SupervisorOptions.Builder options) {
        Optional.ofNullable(swap).ifPresent(options::swap);
        Optional.ofNullable(webSockets).ifPresent(options::websocket);
        Optional.ofNullable(startTimeout).ifPresent(options::startTimeout);
        Optional.ofNullable(stopDelay).ifPresent(options::stopDelay);
        Optional.ofNullable(stopTimeout).ifPresent(options::stopTimeout);
        Optional.ofNullable(maxGenerations).ifPresent(options::maxGenerations);
        Optional.ofNullable(keepBuilds).ifPresent(options::keepBuilds);
        Optional.ofNullable(drainTimeout).ifPresent(options::drainTimeout);
    }
}
