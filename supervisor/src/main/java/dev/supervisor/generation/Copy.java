package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A private copy of one jar or directory of classes, as it was when its stamp was taken. Several snapshots share the
 * copy of a library that did not change; the last one to release it deletes it. Thread-safe.
 */
final class Copy {

    private static final Logger LOG = LoggerFactory.getLogger(Copy.class);

    private final Path source;
    private final Stamp stamp;
    private final Path directory;
    private final Path path;
    private final List<Path> classPath;
    private final AtomicInteger users = new AtomicInteger(1);

    private Copy(Path source, Stamp stamp, Path directory) {
        this.source = source;
        this.stamp = stamp;
        this.directory = directory;
        this.path = directory.resolve(source.getFileName());
        this.classPath = Build.classPathOf(source);
    }

    /** @param directory a new directory of its own, deleted with the copy */
    static Copy make(Path source, Stamp stamp, Path directory) throws IOException {
        Files.createDirectory(directory);
        Copy copy = new Copy(source, stamp, directory);
        try {
            copyAll(source, copy.path);
        } catch (IOException | RuntimeException e) {
            copy.release();
            throw e;
        }
        return copy;
    }

    Path source() {
        return source;
    }

    Stamp stamp() {
        return stamp;
    }

    Path path() {
        return path;
    }

    /** What the jar's {@code Class-Path} names. */
    List<Path> classPath() {
        return classPath;
    }

    /** Whether the source still looks as it did when it was copied. */
    boolean isCurrent() {
        try {
            return Stamp.of(source).equals(stamp);
        } catch (IOException e) {
            return false;
        }
    }

    /** Adds a user, unless the last one has released it already. */
    boolean share() {
        return users.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            try {
                deleteAll(directory);
            } catch (IOException e) {
                LOG.warn("can't delete the private copy {}: {}", directory, e.toString());
            }
        }
    }

    boolean sameContent(Copy other) throws IOException {
        if (this == other) {
            return true;
        }
        if (!source.equals(other.source)) {
            return false;
        }
        if (!Files.isDirectory(path) || !Files.isDirectory(other.path)) {
            return Files.isDirectory(path) == Files.isDirectory(other.path) && Files.mismatch(path, other.path) == -1;
        }
        Set<Path> mine = filesIn(path);
        if (!mine.equals(filesIn(other.path))) {
            return false;
        }
        for (Path file : mine) {
            if (Files.mismatch(path.resolve(file), other.path.resolve(file)) != -1) {
                return false;
            }
        }
        return true;
    }

    private static Set<Path> filesIn(Path root) throws IOException {
        Set<Path> files = new TreeSet<>();
        try (var found = Files.walk(root)) {
            found.filter(Files::isRegularFile).map(root::relativize).forEach(files::add);
        }
        return files;
    }

    private static void copyAll(Path from, Path to) throws IOException {
        Files.walkFileTree(from, Stamp.FOLLOW_LINKS, Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectory(to.resolve(from.relativize(directory).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(
                        file,
                        file.equals(from)
                                ? to
                                : to.resolve(from.relativize(file).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    static void deleteAll(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, java.io.IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
