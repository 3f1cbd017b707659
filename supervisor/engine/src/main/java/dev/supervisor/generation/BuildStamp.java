package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The state of a jar or a directory of classes, as its attributes show it: size, times and identity of each file that
 * counts. If two stamps taken some time apart are equal, nothing is being written.
 *
 * @param directory whether the root is a directory
 * @param files the files that count, by path
 */
record BuildStamp(boolean directory, Map<Path, File> files) {

    /** The option for visits: the target of a link belongs to the build. */
    static final Set<FileVisitOption> FOLLOW_LINKS = EnumSet.of(FileVisitOption.FOLLOW_LINKS);

    /**
     * The attributes of one file.
     *
     * @param changed the time of the last change by the system's clock (ctime), which no tool can set back; empty where
     *     the file system has none (Windows)
     * @param key the identity of the file on its file system; null where there is none (Windows)
     */
    record File(
            long size,
            FileTime modified,
            Optional<FileTime> changed,
            @Nullable Object key) {

        static File of(Path path, BasicFileAttributes attributes) throws IOException {
            return new File(attributes.size(), attributes.lastModifiedTime(), changeTime(path), attributes.fileKey());
        }

        private static Optional<FileTime> changeTime(Path path) throws IOException {
            return path.getFileSystem().supportedFileAttributeViews().contains("unix")
                    ? Optional.of((FileTime) Files.getAttribute(path, "unix:ctime"))
                    : Optional.empty();
        }

        private Instant lastChange() {
            return changed.orElse(modified).toInstant();
        }
    }

    /** Receives the regular files of a root that count. Links are followed. */
    interface Visitor {
        void visit(Path file, BasicFileAttributes attributes) throws IOException;

        /** Called for each directory, including the root, before its content is visited. */
        default void enter(Path directory) throws IOException {}
    }

    /**
     * Returns the stamp of a root.
     *
     * @throws NoSuchFileException if the root does not exist
     */
    static BuildStamp of(ClassPathRoot root) throws IOException {
        Map<Path, File> files = new TreeMap<>();
        boolean directory = visit(root, (path, attributes) -> {
            try {
                files.put(path, File.of(path, attributes));
            } catch (NoSuchFileException e) { // has just been deleted
                files.remove(path);
            }
        });
        return new BuildStamp(directory, files);
    }

    /**
     * Visits each file that counts. Dangling links, cycles of links, pipes, sockets and devices do not count: no class
     * or resource can be read from them, and opening one might block.
     *
     * @return whether the root is a directory
     * @throws NoSuchFileException if the root does not exist
     */
    static boolean visit(ClassPathRoot root, Visitor visitor) throws IOException {
        BasicFileAttributes found = Files.readAttributes(root.path(), BasicFileAttributes.class);
        if (!found.isDirectory()) {
            if (found.isRegularFile()) {
                visitor.visit(root.path(), found);
            }
            return false;
        }
        Files.walkFileTree(root.path(), FOLLOW_LINKS, Integer.MAX_VALUE, new Walk(root, visitor));
        return true;
    }

    /** Visits the files of a root that is a directory. */
    static final class Walk extends SimpleFileVisitor<Path> {

        private final ClassPathRoot root;
        private final Visitor visitor;

        Walk(ClassPathRoot root, Visitor visitor) {
            this.root = root;
            this.visitor = visitor;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            if (!root.includesDirectory(directory)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            visitor.enter(directory);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (attributes.isRegularFile() && root.includesFile(file)) {
                visitor.visit(file, attributes);
            }
            return FileVisitResult.CONTINUE;
        }

        /**
         * Handles failed visits. A directory that {@link #preVisitDirectory} would skip can fail, too, since the walk
         * opens it first.
         */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof FileSystemLoopException || e instanceof NoSuchFileException || isOfOthers(file, e)) {
                return FileVisitResult.CONTINUE; // a file that does not exist has just been deleted
            }
            throw e;
        }

        /**
         * Returns whether this is a directory of another user that can't be read; in {@code /tmp}, they lie beside a
         * build.
         */
        private boolean isOfOthers(Path file, IOException e) {
            return root.inPlace() && e instanceof AccessDeniedException && !file.equals(root.path());
        }
    }

    /**
     * Returns whether this is a single file whose identity differs from the one in the earlier stamp: it was created or
     * moved here since, so it contains nothing of the older content.
     */
    boolean isNewFileSince(Optional<BuildStamp> before) {
        if (directory || files.isEmpty() || before.isEmpty()) {
            return false;
        }
        Map.Entry<Path, File> mine = files.entrySet().iterator().next();
        File other = before.get().files.get(mine.getKey());
        Object key = mine.getValue().key();
        return key != null && other != null && !key.equals(other.key());
    }

    /**
     * Returns whether one of the files was changed after this moment. File times are coarse: two changes within one
     * tick of the file system's clock leave equal stamps.
     */
    boolean changedAfter(Instant moment) {
        return files.values().stream().map(File::lastChange).anyMatch(moment::isBefore);
    }
}
