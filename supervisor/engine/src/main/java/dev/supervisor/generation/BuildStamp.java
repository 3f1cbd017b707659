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
 * What a jar or a directory of classes looks like from outside: size, times and identity of each file that counts. Two
 * equal stamps some time apart mean that nobody is writing.
 */
record BuildStamp(boolean directory, Map<Path, File> files) {

    /** What a link leads to belongs to the build. */
    static final Set<FileVisitOption> FOLLOW_LINKS = EnumSet.of(FileVisitOption.FOLLOW_LINKS);

    /**
     * @param changed the time of the last change by the system's clock, which no tool sets back; empty where the file
     *     system has none (Windows)
     * @param key identity of the file on its file system, null where there is none (Windows)
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

    /** Sees the regular files of a root that count, following links. */
    interface Visitor {
        void visit(Path file, BasicFileAttributes attributes) throws IOException;

        /** Called before what is in the directory is visited, the root included. */
        default void enter(Path directory) throws IOException {}
    }

    /** @throws NoSuchFileException if it is not there */
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
     * Visits all that counts. Links to nowhere, links in a circle, pipes, sockets and devices do not: no class or
     * resource can be read from them, and to open one might block.
     *
     * @return whether the root is a directory
     * @throws NoSuchFileException if the root is not there
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

    /** Through a root that is a directory. */
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

        /** A directory is opened before {@link #preVisitDirectory} could skip it. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof FileSystemLoopException || e instanceof NoSuchFileException || isOfOthers(file, e)) {
                return FileVisitResult.CONTINUE; // the second has just been deleted
            }
            throw e;
        }

        /** Beside a build, as in {@code /tmp}, other users have directories that nobody else can read. */
        private boolean isOfOthers(Path file, IOException e) {
            return root.inPlace() && e instanceof AccessDeniedException && !file.equals(root.path());
        }
    }

    /**
     * Whether this is one file, and another one than the stamp before: it was created or moved here since, so nothing of
     * an older content can be left in it.
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
     * Whether one of the files was changed after this moment. Times of file systems are coarse: a change within the same
     * tick as the one before leaves an equal stamp.
     */
    boolean changedAfter(Instant moment) {
        return files.values().stream().map(File::lastChange).anyMatch(moment::isBefore);
    }
}
