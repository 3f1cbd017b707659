package dev.supervisor.bench.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** A temporary directory, deleted when closed. */
public record ScratchDirectory(Path directory) implements AutoCloseable {

    public static ScratchDirectory create(String name) throws IOException {
        return new ScratchDirectory(Files.createTempDirectory(name));
    }

    /** Makes a new directory in it. */
    public Path make(String name) throws IOException {
        return Files.createDirectory(directory.resolve(name));
    }

    public Path resolve(String name) {
        return directory.resolve(name);
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
