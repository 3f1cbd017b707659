package dev.supervisor.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Changes of files that wait until all modules have been compiled: an error never leaves half a build on the disk. */
final class OutputFiles {

    private final Map<Path, Optional<byte[]>> changes = new LinkedHashMap<>();

    /** @param relative contents by name, with slashes; empty for a file that is gone */
    void add(Path directory, Map<String, Optional<byte[]>> relative) {
        relative.forEach((name, content) -> changes.put(directory.resolve(name), content));
    }

    /** Returns the changes: contents by file; empty for a file that is gone. */
    Map<Path, Optional<byte[]>> changes() {
        return changes;
    }

    void write() throws IOException {
        for (Map.Entry<Path, Optional<byte[]>> change : changes.entrySet()) {
            Path file = change.getKey();
            if (change.getValue().isPresent()) {
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.write(file, change.getValue().get());
            } else {
                Files.deleteIfExists(file);
            }
        }
    }
}
