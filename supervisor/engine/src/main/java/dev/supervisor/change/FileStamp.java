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
 * By which a file that has changed is told from one that has not.
 *
 * @param inode when the inode of a jar changed, which nobody can set back; null for other files, since it takes a second
 *     system call for each, and where there are no inodes
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
     * Of what a link to a file leads to; of a link to a directory itself, since what is in that is no change of the link.
     *
     * @return empty if it is not there
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
