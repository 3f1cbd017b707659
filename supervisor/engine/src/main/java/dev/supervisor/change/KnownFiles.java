package dev.supervisor.change;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The state of a watcher's target files when they were last looked at. Thread-safe. */
final class KnownFiles {

    private final Map<Path, FileStamp> stamps = new ConcurrentHashMap<>();

    void note(Path file, FileStamp stamp) {
        stamps.put(file, stamp);
    }

    /** Returns a file's stamp; empty if the file is not known. */
    Optional<FileStamp> of(Path file) {
        return Optional.ofNullable(stamps.get(file));
    }

    /** @param stamp empty if the file does not exist */
    void note(Path file, Optional<FileStamp> stamp) {
        stamp.ifPresentOrElse(known -> note(file, known), () -> forget(file));
    }

    /**
     * Notes a file's current state.
     *
     * @return whether the file exists, or was known. False for a file that has appeared and vanished, as editors make
     *     them
     */
    boolean noteNow(Path file) {
        Optional<FileStamp> now = FileStamp.of(file);
        now.ifPresent(stamp -> note(file, stamp));
        return now.isPresent() || forget(file);
    }

    /**
     * Forgets the files below a directory that do not exist any more.
     *
     * @return one of them; empty if all known files exist
     */
    Optional<Path> forgetGoneBelow(Path directory) {
        List<Path> gone = stamps.keySet().stream()
                .filter(file -> file.startsWith(directory) && !Files.exists(file))
                .toList();
        gone.forEach(stamps::remove);
        return gone.stream().findFirst();
    }

    /** Forgets the path, and the files below it: it may have been a directory, or a link to one. */
    private boolean forget(Path path) {
        return stamps.remove(path) != null || stamps.keySet().removeIf(known -> known.startsWith(path));
    }

    /** Returns a file that is missing in one of the two, or has different stamps. */
    Optional<Path> firstDifferenceFrom(KnownFiles before) {
        return differencesFrom(before).findFirst();
    }

    /** Returns the paths that differ. Must not run while files are noted. */
    Stream<Path> differencesFrom(KnownFiles before) {
        Stream<Path> made = stamps.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.stamps.get(entry.getKey())))
                .map(Map.Entry::getKey);
        Stream<Path> gone = before.stamps.keySet().stream().filter(path -> !stamps.containsKey(path));
        return Stream.concat(made, gone);
    }
}
