package dev.supervisor.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of a file as its attributes show it. Equal stamps prove that the content is the same only if the stamp was
 * {@linkplain #isSettled settled} when the content was read.
 *
 * @param changed the time of the last change by the system's clock (ctime), which no tool can set back; where the file system
 *     has none (Windows), the same as {@code modified}
 * @param key the identity of the file; null where there is none (Windows)
 */
record Stamp(
        long size,
        FileTime modified,
        FileTime changed,
        @Nullable Object key) {

    /** Longer than the coarsest file times in use, which are 2 s (FAT). */
    private static final Duration TICK = Duration.ofSeconds(3);

    private static final String UNIX = "unix";

    /** @throws IOException if there is no such file */
    static Stamp of(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains(UNIX)) {
            Map<String, Object> found = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,fileKey");
            return new Stamp(
                    (Long) Objects.requireNonNull(found.get("size")),
                    (FileTime) Objects.requireNonNull(found.get("lastModifiedTime")),
                    (FileTime) Objects.requireNonNull(found.get("ctime")),
                    found.get("fileKey"));
        }
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(found.size(), found.lastModifiedTime(), found.lastModifiedTime(), found.fileKey());
    }

    /** Returns whether any later change shows in another stamp, if this one was taken at that time. */
    boolean isSettled(Instant now) {
        Instant last = changed.toInstant();
        return last.isBefore(now.minus(TICK)) && modified.toInstant().isBefore(now.minus(TICK));
    }
}
