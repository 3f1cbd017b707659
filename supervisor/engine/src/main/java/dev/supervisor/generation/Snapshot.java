package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;

/**
 * An immutable private copy of one build: the application and its libraries. Later writes to the build do not reach it.
 * Belongs to one generation, which closes it at its end.
 */
public final class Snapshot implements AutoCloseable {

    private final Build build;
    private final List<PrivateCopy> copies;
    private final List<Path> missing;

    /** @param missing the libraries that the user or a manifest names, and that do not exist */
    Snapshot(Build build, List<PrivateCopy> copies, List<Path> missing) {
        this.build = build;
        this.copies = List.copyOf(copies);
        this.missing = List.copyOf(missing);
    }

    public Build build() {
        return build;
    }

    /** Returns the private jars and directories of classes, the application itself first. */
    List<Path> roots() {
        return copies.stream().map(PrivateCopy::path).toList();
    }

    List<PrivateCopy> copies() {
        return copies;
    }

    /** Returns whether it contains a directory of classes, whose files come and go one by one during a compilation. */
    public boolean hasDirectories() {
        return copies.stream().anyMatch(copy -> Files.isDirectory(copy.path()));
    }

    /** Returns the libraries that the user or a manifest names, and that do not exist. */
    List<Path> missing() {
        return missing;
    }

    /** Returns the class that {@code java -jar} would run. */
    Optional<String> mainClass() {
        return Build.mainAttribute(copies.get(0).path(), Attributes.Name.MAIN_CLASS);
    }

    /** Called when the application has started: it may have written resources that it had asked for. */
    void started() {
        copies.forEach(copy -> copy.asked().ifPresent(RequestedResources::started));
    }

    /** Returns whether the application would load the same bytes from both. */
    boolean sameContent(Snapshot other) throws IOException {
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
        copies.forEach(PrivateCopy::release);
    }
}
