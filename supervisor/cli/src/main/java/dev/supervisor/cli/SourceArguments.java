package dev.supervisor.cli;

import dev.supervisor.OnBusy;
import dev.supervisor.SupervisorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options about watching sources, and about changes during a build. */
final class SourceArguments {

    private static final String DEFAULT_SOURCES = "src";

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
            names = "--poll",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Look for changes this often, on file systems without events (some containers, network"
                    + " mounts). Default: wait for the file system's events.")
    private @Nullable Duration poll;

    List<String> ignored() {
        return ignored;
    }

    OnBusy onBusy() {
        return onBusy;
    }

    Optional<Duration> poll() {
        return Optional.ofNullable(poll);
    }

    /** @throws SupervisorException if one of them does not exist */
    static void check(List<Path> sources) {
        for (Path source : sources) {
            if (!Files.exists(source)) {
                throw new SupervisorException("can't watch '" + source + "': it does not exist");
            }
        }
    }

    /** Returns what to watch for a build: these sources, or {@code src} if there are none and the directory has it. */
    static List<Path> orDefault(List<Path> sources, Path directory) {
        Path usual = directory.resolve(DEFAULT_SOURCES);
        return sources.isEmpty() && Files.exists(usual) ? List.of(usual) : sources;
    }
}
