package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * An immutable private copy of one build: the application and its libraries. What is written to the build meanwhile
 * does not reach it. Belongs to one generation, which closes it at its end.
 */
public final class Snapshot implements AutoCloseable {

    private final Build build;
    private final List<Copy> copies;

    Snapshot(Build build, List<Copy> copies) {
        this.build = build;
        this.copies = List.copyOf(copies);
    }

    public Build build() {
        return build;
    }

    /** The private jars and directories of classes, the application itself first. */
    List<Path> roots() {
        return copies.stream().map(Copy::path).toList();
    }

    List<Copy> copies() {
        return copies;
    }

    /** Whether some of it is a directory of classes, whose files come and go one by one while others compile. */
    public boolean hasDirectories() {
        return copies.stream().anyMatch(copy -> Files.isDirectory(copy.path()));
    }

    /** Whether both would load the same bytes. */
    public boolean sameContent(Snapshot other) throws IOException {
        if (copies.size() != other.copies.size()) {
            return false;
        }
        for (int i = 0; i < copies.size(); i++) {
            if (!copies.get(i).sameContent(other.copies.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        copies.forEach(Copy::release);
    }
}
