package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A jar or a directory from which classes are loaded.
 *
 * @param inPlace true for a root that only a manifest's {@code Class-Path} names, as in {@code Class-Path: .}. The
 *     class files of such a directory belong to the build. Other files are not copied but served in place, and count
 *     only once the application has asked for them as a resource ({@link RequestedResources}); otherwise its logs and
 *     data would count
 */
record ClassPathRoot(Path path, boolean inPlace) {

    /** Returns a root whose files all count. */
    static ClassPathRoot whole(Path path) {
        return new ClassPathRoot(path, false);
    }

    /**
     * Returns a file of this root, or the root itself, as a path that begins with the root's path; empty for a file
     * elsewhere. The file may be named by the root's real path.
     */
    Optional<Path> locate(Path file) {
        if (file.startsWith(path)) {
            return Optional.of(file);
        }
        try {
            Path real = path.toRealPath();
            return file.startsWith(real) ? Optional.of(path.resolve(real.relativize(file))) : Optional.empty();
        } catch (IOException e) { // it does not exist
            return Optional.empty();
        }
    }

    boolean includesFile(Path file) {
        return !inPlace || file.toString().endsWith(".class") || file.equals(path);
    }

    /**
     * Returns false for directories that belong to no build: a hidden directory such as {@code .git}, which can't be a
     * package, in a root served in place; and the private copies of a supervisor.
     */
    boolean includesDirectory(Path directory) {
        if (directory.equals(path)) {
            return true;
        }
        boolean hidden = String.valueOf(directory.getFileName()).startsWith(".");
        return !(inPlace && hidden) && !WorkDirectory.isOne(directory);
    }
}
