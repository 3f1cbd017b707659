package dev.supervisor.build;

import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where relative paths in the output of a build begin: make says when it goes to another directory, and back. */
final class MakeDirectories {

    private static final Pattern CHANGE =
            Pattern.compile("\\S*make(?:\\[\\d+])?: (?:(?<enters>Entering)|Leaving) directory [`'](?<path>.+)'");

    private final Path start;
    private final Deque<Path> entered = new ArrayDeque<>();

    MakeDirectories(Path start) {
        this.start = start;
    }

    /** The next line of the output. */
    void follow(String line) {
        Matcher change = CHANGE.matcher(line);
        if (!change.matches()) {
            return;
        }
        resolve(change.group("path")).ifPresent(directory -> {
            if (change.group("enters") == null) {
                entered.removeFirstOccurrence(directory); // several at a time may not be left in turn
            } else {
                entered.addFirst(directory);
            }
        });
    }

    /** Empty if it is no path, nor a URI of one. */
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
