package dev.supervisor.cli;

import dev.supervisor.OnBusy;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.BuildTool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options about building and watching. */
final class BuildArguments {

    private static final Path DEFAULT_SOURCES = Path.of("src");

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

    @Option(
            names = "--ignore",
            paramLabel = "GLOB",
            description =
                    "Ignore files that are no sources, by a pattern of the kind that .gitignore has, relative to the working"
                            + " directory, or to a --watch PATH outside it; may be repeated. Always ignored: version"
                            + " control, swap and backup files of editors, the output of builds, and the patterns of"
                            + " .gitignore and .ignore files.")
    private List<String> ignored = List.of();

    @Option(
            names = "--on-busy",
            paramLabel = "restart|queue",
            defaultValue = "restart",
            description = "What a change during a build does: end it and begin anew, or build once more after it."
                    + " Default: ${DEFAULT-VALUE}.")
    private OnBusy onBusy = OnBusy.RESTART;

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
            names = "--poll",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Look for changes this often, on file systems without events (some containers, network"
                    + " mounts). Default: wait for the file system's events.")
    private @Nullable Duration poll;

    @Option(
            names = "--fail-fast",
            description = "Exit with 1 if the first build fails or is missing, instead of waiting for a better one.")
    private boolean failFast;

    boolean failFast() {
        return failFast;
    }

    void addTo(SupervisorOptions.Builder options) {
        Optional.ofNullable(settle).ifPresent(options::settle);
        Optional.ofNullable(poll).ifPresent(options::poll);
        buildTool().ifPresent(options::buildTool);
    }

    private Optional<BuildTool> buildTool() {
        if (buildCommand == null) {
            if (!sources.isEmpty() || !ignored.isEmpty()) {
                throw new SupervisorException("--watch and --ignore are about sources: they need --build COMMAND");
            }
            return Optional.empty();
        }
        for (Path source : sources) {
            if (!Files.exists(source)) {
                throw new SupervisorException("can't watch '" + source + "': it does not exist");
            }
        }
        List<Path> watched = sources.isEmpty() && Files.exists(DEFAULT_SOURCES) ? List.of(DEFAULT_SOURCES) : sources;
        return Optional.of(new BuildTool(
                buildCommand,
                Path.of("").toAbsolutePath(),
                watched,
                ignored,
                Optional.ofNullable(settle).orElse(BuildTool.SETTLE),
                onBusy));
    }
}
