package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.BuildTool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options about building and watching. */
final class BuildArguments {

    @Option(
            names = {"-b", "--build"},
            paramLabel = "COMMAND",
            description = "Build the application by this shell command, at the start and whenever a source changes:"
                    + " 'gradle -q jar', 'mvn -q -o package', 'make'. New work waits from the moment of the change, so"
                    + " that the next page is always the new one. The command has to make what --app names.")
    private @Nullable String buildCommand;

    @Option(
            names = {"-w", "--watch"},
            paramLabel = "PATH",
            description = "Sources for --build: a directory or a file; may be repeated. Default: src.")
    private List<Path> sources = List.of();

    @Mixin
    private final SourceArguments watching = new SourceArguments();

    @Option(
            names = "--settle",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "How long a build must stay unchanged to count as complete, unless it is moved into place; and"
                            + " how long the sources must stay unchanged before --build runs (if they never do, it runs"
                            + " after ten times as long, and at least 2 seconds). Default: 10ms, and 50ms for sources.")
    private @Nullable Duration settle;

    @Option(
            names = "--fail-fast",
            description = "Exit with 1 if the first build fails or is missing, instead of waiting for a better one.")
    private boolean failFast;

    boolean failFast() {
        return failFast;
    }

    void addTo(SupervisorOptions.Builder options) {
        Optional.ofNullable(settle).ifPresent(options::settle);
        watching.poll().ifPresent(options::poll);
        buildTool().ifPresent(options::buildTool);
    }

    private Optional<BuildTool> buildTool() {
        if (buildCommand == null) {
            if (!sources.isEmpty() || !watching.ignored().isEmpty()) {
                throw new SupervisorException("--watch and --ignore are about sources: they need --build COMMAND");
            }
            return Optional.empty();
        }
        SourceArguments.check(sources);
        return Optional.of(new BuildTool(
                buildCommand,
                Path.of("").toAbsolutePath(),
                SourceArguments.orDefault(sources),
                watching.ignored(),
                Optional.ofNullable(settle).orElse(BuildTool.SETTLE),
                watching.onBusy()));
    }
}
