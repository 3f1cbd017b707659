package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A place that classes are loaded from: a jar, or a directory.
 *
 * @param inPlace whether only a manifest's {@code Class-Path} names it, as in {@code Class-Path: .}. Of such a directory
 *     the class files are the build's. All else lies beside the build: it is not copied, but served in place, and counts
 *     only once the application has asked for it as a resource ({@link RequestedResources}); else its logs and data would count.
 */
record ClassPathRoot(Path path, boolean inPlace) {

    /** A root of which all counts. */
    static ClassPathRoot whole(Path path) {
        return new ClassPathRoot(path, false);
    }

    /** Returns a file in it, or itself, as seen from its path; empty for a path elsewhere. It may be reached by a link. */
    Optional<Path> locate(Path file) {
        if (file.startsWith(path)) {
            return Optional.of(file);
        }
        try {
            Path real = path.toRealPath();
            return file.startsWith(real) ? Optional.of(path.resolve(real.relativize(file))) : Optional.empty();
        } catch (IOException e) { // it is not there
            return Optional.empty();
        }
    }

    boolean includesFile(Path file) {
        return !inPlace || file.toString().endsWith(".class") || file.equals(path);
    }

    /** A hidden directory, such as {@code .git}, can't be a package; private copies are of no build. */
    boolean includesDirectory(Path directory) {
        if (directory.equals(path)) {
            return true;
        }
        boolean hidden = String.valueOf(directory.getFileName()).startsWith(".");
        return !(inPlace && hidden) && !WorkDirectory.isOne(directory);
    }
}
