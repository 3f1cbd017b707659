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
            description =
                    "Build the application by this command of the shell when a source changes, and when it starts:"
                            + " 'gradle -q jar', 'mvn -q -o package', 'make'. New work waits from the moment of the change, so"
                            + " that the next page is always the new one. What the command makes is what --app names.")
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
                    "What is no source, in the form of .gitignore, seen from the working directory, and from a --watch"
                            + " PATH that lies elsewhere; may be repeated. Always ignored is what a"
                            + " .gitignore or .ignore names, version control, swap and backup files of editors, and what builds"
                            + " make.")
    private List<String> ignored = List.of();

    @Option(
            names = "--on-busy",
            paramLabel = "restart|queue",
            defaultValue = "restart",
            description = "What a change does while --build runs: end it and begin anew, or build once more after it."
                    + " Default: ${DEFAULT-VALUE}.")
    private OnBusy onBusy = OnBusy.RESTART;

    @Option(
            names = "--settle",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "How long a build must stand still to be taken for complete, unless it is moved into place; and"
                            + " the sources, before --build (which begins after ten times as long at the latest, but not"
                            + " before 2 seconds). Default: 10ms, and 50ms.")
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
            description = "Exit with 1 when the first build fails, or is not there, instead of waiting for a better"
                    + " one.")
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
