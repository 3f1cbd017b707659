package dev.supervisor.build;

import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Follows the current directory in a build's output, to resolve relative paths. make prints when it enters and leaves a
 * directory.
 */
final class MakeDirectories {

    private static final Pattern CHANGE =
            Pattern.compile("\\S*make(?:\\[\\d+])?: (?:(?<enters>Entering)|Leaving) directory [`'](?<path>.+)'");

    private final Path start;
    private final Deque<Path> entered = new ArrayDeque<>();

    MakeDirectories(Path start) {
        this.start = start;
    }

    /** Reads the next line of the output. */
    void follow(String line) {
        Matcher change = CHANGE.matcher(line);
        if (!change.matches()) {
            return;
        }
        resolve(change.group("path")).ifPresent(directory -> {
            if (change.group("enters") == null) {
                entered.removeFirstOccurrence(directory); // parallel makes may leave directories out of order
            } else {
                entered.addFirst(directory);
            }
        });
    }

    /** Returns the absolute path; empty if the text is neither a path nor the URI of a path. */
    Optional<Path> resolve(String file) {
        try {
            Path path = file.startsWith("file:") ? Path.of(URI.create(file)) : Path.of(file);
            Path directory = entered.isEmpty() ? start : entered.getFirst();
            return Optional.of(directory.resolve(path).normalize());
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return Optional.empty();
        }
    }
}
