package dev.supervisor.source;

import dev.supervisor.Problem;
import dev.supervisor.Problem.Frame;
import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import dev.supervisor.Problem.Source;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The application's source files. Shows places in them, and finds the sources of stack frames. Never fails, whatever
 * the state of the files; blocks to read them. Thread-safe.
 */
public final class SourceFiles {

    /** The most frames of each stack whose sources are found, from the innermost on; people look at these first. */
    private static final int MOST_FRAMES_LOCATED = 3;

    private final Path directory;
    private final List<Path> roots;

    /**
     * @param directory the directory where the build runs. Files below it, or below a root, may be shown
     * @param roots the watched directories with the sources
     */
    public SourceFiles(Path directory, List<Path> roots) {
        this.directory = normalized(directory);
        this.roots = roots.stream().map(SourceFiles::normalized).toList();
    }

    private static Path normalized(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /** Returns the lines around this line; none if the file is no source, or can't be read. */
    List<Line> excerpt(Path file, int line) {
        Path source = normalized(file);
        boolean ours = source.startsWith(directory) || roots.stream().anyMatch(source::startsWith);
        return ours ? Excerpt.of(source, line) : List.of();
    }

    /**
     * Finds files that do not exist at their given paths, such as files that a build tool names relative to another
     * directory than the build's. Returns the new path of each file of which there is exactly one candidate below the
     * roots.
     */
    Map<Path, Path> moved(Collection<Path> files) {
        Map<String, Path> missing = files.stream()
                .map(SourceFiles::normalized)
                .filter(file -> file.startsWith(directory) && !Files.exists(file))
                .distinct()
                .collect(Collectors.toMap(file -> directory.relativize(file).toString(), file -> file));
        Map<Path, Path> moved = new HashMap<>();
        SourceSearch.findUnambiguous(roots, missing.keySet())
                .forEach((name, file) -> moved.put(Objects.requireNonNull(missing.get(name)), file));
        return moved;
    }

    /** Returns the path as it is shown: relative to the build's directory, if the file is below it. */
    String shown(Path file) {
        return file.startsWith(directory) ? directory.relativize(file).toString() : file.toString();
    }

    /** Returns the problem with places added to the application's own frames whose sources are found. */
    public Problem locate(Problem problem) {
        Set<Frame> frames = problem.causes().stream()
                .flatMap(cause -> cause.frames().stream()
                        .filter(frame -> frame.own() && frame.source().isPresent())
                        .limit(MOST_FRAMES_LOCATED))
                .collect(Collectors.toSet());
        Map<String, Path> files = SourceSearch.find(
                roots, frames.stream().flatMap(SourceFiles::pathOf).collect(Collectors.toSet()));
        Map<Frame, Place> places = new HashMap<>();
        for (Frame frame : frames) {
            Source source = frame.source().orElseThrow();
            Path file = files.get(source.path());
            if (file != null) {
                int line = source.line();
                places.put(frame, new Place(shown(file), file, line, 0, "", excerpt(file, line)));
            }
        }
        return problem.located(places);
    }

    private static Stream<String> pathOf(Frame frame) {
        return frame.source().stream().map(Source::path);
    }
}
