package dev.supervisor.change;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the files of a watcher's targets looked like when they were last looked at. Thread-safe. */
final class Known {

    private final Map<Path, Stamp> stamps = new ConcurrentHashMap<>();

    void note(Path file, Stamp stamp) {
        stamps.put(file, stamp);
    }

    /**
     * Notes what a file looks like now.
     *
     * @return whether it is there, or was known: false for a file that has come and gone, as editors make them
     */
    boolean noteNow(Path file) {
        Optional<Stamp> now = Stamp.of(file);
        now.ifPresent(stamp -> note(file, stamp));
        return now.isPresent() || forget(file);
    }

    /** It may have been a directory, or a link to one. */
    private boolean forget(Path path) {
        return stamps.remove(path) != null || stamps.keySet().removeIf(known -> known.startsWith(path));
    }

    /** A file that is not there in both, or looks different. */
    Optional<Path> firstDifferenceFrom(Known before) {
        for (Map.Entry<Path, Stamp> entry : stamps.entrySet()) {
            if (!entry.getValue().equals(before.stamps.get(entry.getKey()))) {
                return Optional.of(entry.getKey());
            }
        }
        return before.stamps.keySet().stream()
                .filter(path -> !stamps.containsKey(path))
                .findFirst();
    }
}
