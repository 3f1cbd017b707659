package dev.supervisor.cli;

import dev.supervisor.SupervisorOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options about finding what keeps the classes of a former generation in memory. */
final class UnloadArguments {

    @Option(
            names = "--unload-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long the classes of a former generation may stay after its end, although the JVM has"
                    + " collected others. Then the report says what keeps them. Default: ${DEFAULT-VALUE}.")
    private @Nullable Duration unloadTimeout;

    @Option(
            names = "--verify-unload",
            description = "Ask the JVM to collect each former generation, to see at once that nothing keeps it. Costs a"
                    + " full collection at each swap, or a few.")
    private boolean verifyUnload;

    @Option(
            names = "--dump-leaks",
            paramLabel = "DIR",
            description = "Write a heap dump of a generation that is kept alive to this directory, and report the path"
                    + " from a GC root to it. The JVM stands still for that; the file holds all that is in memory,"
                    + " secrets included.")
    private @Nullable Path dumpLeaks;

    void addTo(SupervisorOptions.Builder options) {
        options.verifyUnload(verifyUnload);
        Optional.ofNullable(unloadTimeout).ifPresent(options::unloadTimeout);
        Optional.ofNullable(dumpLeaks).ifPresent(options::dumpLeaks);
    }
}
