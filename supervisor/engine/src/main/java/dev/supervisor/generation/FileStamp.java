package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one file.
 *
 * @param changed the time of the last change by the system's clock (ctime), which no tool can set back; empty where
 *     the file system has none (Windows)
 * @param key the identity of the file on its file system; null where there is none (Windows)
 * @param mode the permissions, as {@code chmod} has them; those of usual files where there are none (Windows)
 */
record FileStamp(
        Kind kind,
        long size,
        FileTime modified,
        Optional<FileTime> changed,
        @Nullable Object key,
        int mode) {

    /** What a file is; of a special file only that it is one. */
    private enum Kind {
        FILE,
        DIRECTORY,
        SPECIAL;

        /** @param mode with the bits of the type, see inode(7) */
        static Kind of(int mode) {
            return switch (mode & 0170000) {
                case 0100000 -> FILE;
                case 0040000 -> DIRECTORY;
                default -> SPECIAL;
            };
        }

        static Kind of(BasicFileAttributes found) {
            if (found.isRegularFile()) {
                return FILE;
            }
            return found.isDirectory() ? DIRECTORY : SPECIAL;
        }
    }

    static final int USUAL_MODE = 0644;

    private static final int PERMISSIONS = 0777;

    private static final FileSystem DEFAULT = FileSystems.getDefault();

    private static final boolean HAS_UNIX_VIEW =
            DEFAULT.supportedFileAttributeViews().contains("unix");

    /** Read at once: of a directory with thousands of files, each system call counts. */
    private static final String ATTRIBUTES = "unix:mode,size,lastModifiedTime,ctime,fileKey";

    /** Looks at a file, or at what a link leads to. */
    static FileStamp of(Path path) throws IOException {
        return (HAS_UNIX_VIEW && path.getFileSystem().equals(DEFAULT))
                ? of(Files.readAttributes(path, ATTRIBUTES))
                : of(Files.readAttributes(path, BasicFileAttributes.class));
    }

    private static FileStamp of(Map<String, Object> found) {
        int mode = (int) Objects.requireNonNull(found.get("mode"));
        return new FileStamp(
                Kind.of(mode),
                (long) Objects.requireNonNull(found.get("size")),
                (FileTime) Objects.requireNonNull(found.get("lastModifiedTime")),
                Optional.ofNullable((FileTime) found.get("ctime")),
                found.get("fileKey"),
                mode & PERMISSIONS);
    }

    private static FileStamp of(BasicFileAttributes found) {
        return new FileStamp(
                Kind.of(found), found.size(), found.lastModifiedTime(), Optional.empty(), found.fileKey(), USUAL_MODE);
    }

    boolean isRegularFile() {
        return kind == Kind.FILE;
    }

    boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }

    /** Returns whether the file was changed after this moment. */
    boolean changedAfter(Instant moment) {
        return moment.isBefore(changed.orElse(modified).toInstant());
    }

    /** Compares files that may have got another link meanwhile, which changes the time of change. */
    boolean isSameApartFromLinks(FileStamp other) {
        return size == other.size && modified.equals(other.modified) && Objects.equals(key, other.key);
    }
}
