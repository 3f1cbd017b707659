package dev.supervisor.change;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** What the files of a watcher's targets looked like when they were last looked at. Thread-safe. */
final class KnownFiles {

    private final Map<Path, FileStamp> stamps = new ConcurrentHashMap<>();

    void note(Path file, FileStamp stamp) {
        stamps.put(file, stamp);
    }

    /** Empty if it is not known. */
    Optional<FileStamp> of(Path file) {
        return Optional.ofNullable(stamps.get(file));
    }

    /** @param stamp empty if it is not there */
    void note(Path file, Optional<FileStamp> stamp) {
        stamp.ifPresentOrElse(known -> note(file, known), () -> forget(file));
    }

    /**
     * Notes what a file looks like now.
     *
     * @return whether it is there, or was known: false for a file that has come and gone, as editors make them
     */
    boolean noteNow(Path file) {
        Optional<FileStamp> now = FileStamp.of(file);
        now.ifPresent(stamp -> note(file, stamp));
        return now.isPresent() || forget(file);
    }

    /** It may have been a directory, or a link to one. */
    private boolean forget(Path path) {
        return stamps.remove(path) != null || stamps.keySet().removeIf(known -> known.startsWith(path));
    }

    /** A file that is not there in both, or looks different. */
    Optional<Path> firstDifferenceFrom(KnownFiles before) {
        return differencesFrom(before).findFirst();
    }

    /** As long as nothing is noted. */
    Stream<Path> differencesFrom(KnownFiles before) {
        Stream<Path> made = stamps.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.stamps.get(entry.getKey())))
                .map(Map.Entry::getKey);
        Stream<Path> gone = before.stamps.keySet().stream().filter(path -> !stamps.containsKey(path));
        return Stream.concat(made, gone);
    }
}
