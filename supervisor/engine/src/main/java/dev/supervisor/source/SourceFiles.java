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
 * The sources of the application, as far as they are there: shows places in them, and finds those of a stack. Never
 * fails, whatever has become of the files; blocks to read them. Thread-safe.
 */
public final class SourceFiles {

    /** Of each stack: these are what one looks at. */
    private static final int MOST_FRAMES_LOCATED = 3;

    private final Path directory;
    private final List<Path> roots;

    /**
     * @param directory where the build runs; what is below it, or below a root, may be shown
     * @param roots where the sources are, which are watched
     */
    public SourceFiles(Path directory, List<Path> roots) {
        this.directory = normalized(directory);
        this.roots = roots.stream().map(SourceFiles::normalized).toList();
    }

    private static Path normalized(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /** Around this line. Empty if the file is none of the sources, or can't be read. */
    List<Line> excerpt(Path file, int line) {
        Path source = normalized(file);
        boolean ours = source.startsWith(directory) || roots.stream().anyMatch(source::startsWith);
        return ours ? Excerpt.of(source, line) : List.of();
    }

    /**
     * Where files are that are not where they should be, as if they had been named from another directory than that of
     * the build; as far as one below the roots can be meant, and no other.
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

    /** As short as it is understood. */
    String shown(Path file) {
        return file.startsWith(directory) ? directory.relativize(file).toString() : file.toString();
    }

    /** The problem with the places of the application's own frames, where their sources are found. */
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
