package dev.supervisor.change;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that tell whether a file has changed.
 *
 * @param inode the time of a jar's last change by the system's clock (ctime), which tools can't set back. Null for
 *     other files, since reading it takes a second system call for each file, and where there are no inodes
 */
record FileStamp(
        FileTime modified,
        long size,
        @Nullable Object key,
        @Nullable Object inode) {

    private static final boolean INODES =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    static FileStamp of(Path file, BasicFileAttributes attributes) {
        return new FileStamp(
                attributes.lastModifiedTime(), attributes.size(), attributes.fileKey(), inodeOf(file, attributes));
    }

    /**
     * Returns the stamp of a file. A link to a file is followed; a link to a directory is not, since a change in that
     * directory is no change of the link.
     *
     * @return empty if the file is not there
     */
    static Optional<FileStamp> of(Path file) {
        if (!file.toFile().exists()) {
            return Optional.empty(); // without an exception, which costs more than the look
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(of(
                    file,
                    attributes.isDirectory()
                            ? Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            : attributes));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static @Nullable Object inodeOf(Path file, BasicFileAttributes attributes) {
        if (!INODES || !attributes.isRegularFile() || !isJar(file)) {
            return null;
        }
        try {
            return Files.getAttribute(file, "unix:ctime");
        } catch (IOException e) {
            return null; // gone meanwhile: the next look shows it
        }
    }

    private static boolean isJar(Path file) {
        return String.valueOf(file.getFileName()).endsWith(".jar");
    }
}
