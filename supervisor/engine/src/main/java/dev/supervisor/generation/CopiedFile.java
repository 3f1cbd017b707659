package dev.supervisor.generation;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One file of a copied directory: its bytes or, of a large one, a file in the work directory. Copies share the bytes, which nobody
 * changes.
 */
final class CopiedFile {

    /** A file in the work directory, and what it looked like when it was written: an application might write to it. */
    private record OnDisk(Path path, FileStamp stamp) {

        boolean isIntact() {
            try {
                return FileStamp.of(path).isSameApartFromLinks(stamp);
            } catch (IOException e) {
                return false;
            }
        }
    }

    private final Optional<FileStamp> source;
    private final boolean settled;
    private final byte @Nullable [] bytes;
    private final @Nullable OnDisk onDisk;

    private CopiedFile(Optional<FileStamp> source, boolean settled, byte @Nullable [] bytes, @Nullable OnDisk onDisk) {
        this.source = source;
        this.settled = settled;
        this.bytes = bytes;
        this.onDisk = onDisk;
    }

    /**
     * Makes one that is in memory.
     *
     * @param source what the file looked like when it was read; empty if the builder has told its content
     * @param settled whether any later change of the file shows in its stamp
     * @param former the same file in the copy before: if it has the same bytes, they are shared
     */
    static CopiedFile inMemory(Optional<FileStamp> source, boolean settled, byte[] bytes, Optional<CopiedFile> former) {
        byte[] known = former.isPresent() ? former.get().bytes : null;
        return new CopiedFile(source, settled, (known != null && Arrays.equals(known, bytes)) ? known : bytes, null);
    }

    /** Makes one that is in the work directory, where it has just been written. */
    static CopiedFile onDisk(Optional<FileStamp> source, boolean settled, Path path) throws IOException {
        return new CopiedFile(source, settled, null, new OnDisk(path, FileStamp.of(path)));
    }

    /** Returns whether the file still has this content, for certain, if it looks like this. */
    boolean isCurrent(FileStamp now) {
        return settled && source.isPresent() && source.get().equals(now);
    }

    Optional<FileStamp> source() {
        return source;
    }

    boolean isSettled() {
        return settled;
    }

    /** Returns the permissions that the file had. */
    int mode() {
        return source.map(FileStamp::mode).orElse(FileStamp.USUAL_MODE);
    }

    boolean isInMemory() {
        return bytes != null;
    }

    /** Returns the file in the work directory if it is there and nobody has changed it; always empty for one in memory. */
    Optional<Path> intact() {
        return (onDisk != null && onDisk.isIntact()) ? Optional.of(onDisk.path()) : Optional.empty();
    }

    /** Returns whether both have the same bytes in memory, not merely equal ones. */
    boolean sharesBytesWith(CopiedFile other) {
        return bytes != null && bytes == other.bytes;
    }

    long size() {
        return bytes != null ? bytes.length : onDisk().stamp().size();
    }

    byte[] bytes() throws IOException {
        return bytes != null ? bytes : Files.readAllBytes(onDisk().path());
    }

    InputStream open() throws IOException {
        return bytes != null ? new ByteArrayInputStream(bytes) : Files.newInputStream(onDisk().path());
    }

    boolean sameContent(CopiedFile other) throws IOException {
        if (bytes != null && other.bytes != null) {
            return Arrays.equals(bytes, other.bytes);
        }
        if (bytes == null && other.bytes == null) {
            return Files.mismatch(onDisk().path(), other.onDisk().path()) == -1;
        }
        return size() == other.size() && Arrays.equals(bytes(), other.bytes());
    }

    private OnDisk onDisk() {
        if (onDisk == null) {
            throw new IllegalStateException("it is in memory");
        }
        return onDisk;
    }
}
