package dev.supervisor.change;

import io.methvin.watcher.visitor.FileTreeVisitor;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Visits the directories on the way to a target, and everything in targets.
 *
 * @param found called with each file of the targets, and its stamp
 */
record TargetVisitor(WatchTargets targets, IgnoreFilter ignored, BiConsumer<Path, FileStamp> found)
        implements FileTreeVisitor {

    private static final Logger LOG = LoggerFactory.getLogger(TargetVisitor.class);

    @Override
    public void recursiveVisitFiles(Path start, Callback onDirectory, Callback onFile) throws IOException {
        if (targets.include(start) && ignored.includesDirectory(start)) {
            return; // a new directory that is ignored
        }
        if ((targets.include(start) || targets.lieBehind(start)) && Files.isReadable(start)) {
            enter(start, onDirectory);
        }
        for (Path target : targets.paths()) {
            if (start.startsWith(target)) {
                visitTree(start, onDirectory, onFile);
                return;
            }
        }
        Set<Path> seen = new LinkedHashSet<>(List.of(start));
        for (Path target : targets.paths()) {
            if (target.startsWith(start)) {
                visitWay(start, target, seen, onDirectory, onFile);
            }
        }
    }

    private void visitWay(Path start, Path target, Set<Path> seen, Callback onDirectory, Callback onFile)
            throws IOException {
        Path way = start;
        for (Path name : start.relativize(target)) {
            way = way.resolve(name);
            boolean isNew = seen.add(way);
            if (way.equals(target)) { // even if it is on the way to another target
                visitTarget(target, onDirectory, onFile);
            } else if (isNew && Files.isDirectory(way) && Files.isReadable(way)) {
                enter(way, onDirectory);
            }
        }
    }

    /**
     * Registers a directory. A directory that has vanished is skipped, so that the others are watched; there will be an
     * event for it.
     */
    private static void enter(Path directory, Callback onDirectory) throws IOException {
        try {
            onDirectory.call(directory);
        } catch (NoSuchFileException | NotDirectoryException e) {
            LOG.debug("{} has vanished", directory);
        }
    }

    private void visitTarget(Path target, Callback onDirectory, Callback onFile) throws IOException {
        if (Files.isDirectory(target)) {
            enter(target, onDirectory);
            visitTree(target, onDirectory, onFile);
            return;
        }
        Optional<FileStamp> stamp = FileStamp.of(target);
        if (stamp.isPresent()) {
            found.accept(target, stamp.get());
            onFile.call(target);
        }
    }

    /** Visits everything in a directory, but not the directory itself. */
    private void visitTree(Path root, Callback onDirectory, Callback onFile) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                if (ignored.includesDirectory(directory)) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                if (!directory.equals(root)) {
                    enter(directory, onDirectory);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!ignored.includes(file)) {
                    stampOf(file, attributes).ifPresent(stamp -> found.accept(file, stamp));
                }
                onFile.call(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // deleted meanwhile: there will be an event for that
            }
        });
    }

    /**
     * Returns a file's stamp. For a link, the visit gives the attributes of the link itself, so its target is read
     * again.
     */
    private static Optional<FileStamp> stampOf(Path file, BasicFileAttributes attributes) {
        return attributes.isSymbolicLink() ? FileStamp.of(file) : Optional.of(FileStamp.of(file, attributes));
    }
}
