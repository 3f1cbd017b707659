package dev.supervisor.generation;

import dev.supervisor.BuiltFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files of a directory of classes, as they were when they were copied. What has not changed is shared with the copy before.
 * Immutable.
 */
final class CopiedFiles {

    /** Thrown when the directory has to be looked at again. */
    static final class OutdatedException extends IOException {

        private static final long serialVersionUID = 1L;

        OutdatedException(String message) {
            super(message);
        }
    }

    /** The size in bytes above which a file is copied to the work directory instead of the memory. */
    private static final long LARGE = 1 << 20;

    /** How many bytes of one directory are kept in memory; the rest is copied to the work directory. */
    private static final long MOST_IN_MEMORY =
            Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

    private final Path root;

    /** By their paths in the directory that was copied, since to make paths relative takes longer than all the rest. */
    private final Map<Path, CopiedFile> files;

    private final Set<Path> directories;

    private CopiedFiles(Path root, Map<Path, CopiedFile> files, Set<Path> directories) {
        this.root = root;
        this.files = files;
        this.directories = directories;
    }

    /**
     * Reads the files of a directory, apart from those which certainly have the content that the former copy has.
     *
     * <p>The result is the directory as it was when the stamp was taken: a file that is not read had the stamp then with which it
     * was read before, and one that is read must have it still afterwards.
     *
     * @param root the directory
     * @param settledBefore any change after now shows in the stamp of a file that was last changed before this moment
     * @param disk where large files are copied to
     * @throws OutdatedException if a file no longer looks as in the stamp
     */
    static CopiedFiles read(
            Path root, BuildStamp stamp, Instant settledBefore, Optional<CopiedFiles> former, FilesOnDisk disk)
            throws IOException {
        Reading reading = new Reading(settledBefore, former, disk);
        for (Map.Entry<Path, FileStamp> file : stamp.files().entrySet()) {
            reading.add(file.getKey(), file.getValue());
        }
        return new CopiedFiles(root, reading.files, stamp.directories());
    }

    private static final class Reading {

        private final Map<Path, CopiedFile> files = new HashMap<>();
        private final Instant settledBefore;
        private final Optional<CopiedFiles> former;
        private final FilesOnDisk disk;
        private long inMemory;

        Reading(Instant settledBefore, Optional<CopiedFiles> former, FilesOnDisk disk) {
            this.settledBefore = settledBefore;
            this.former = former;
            this.disk = disk;
        }

        void add(Path source, FileStamp now) throws IOException {
            Optional<CopiedFile> known = former.flatMap(files -> files.file(source));
            Optional<CopiedFile> current = known.filter(file -> file.isCurrent(now));
            CopiedFile file;
            if (!hasRoomFor(now.size())) {
                file = copied(source, now, current.flatMap(CopiedFile::intact));
            } else if (current.isPresent() && current.get().isInMemory()) {
                file = current.get();
            } else {
                file = CopiedFile.inMemory(Optional.of(now), isSettled(now), read(source, now), known);
            }
            inMemory += file.isInMemory() ? file.size() : 0;
            files.put(source, file);
        }

        private boolean isSettled(FileStamp now) {
            return !now.changedAfter(settledBefore);
        }

        private boolean hasRoomFor(long size) {
            return size <= LARGE && inMemory + size <= MOST_IN_MEMORY;
        }

        private static byte[] read(Path source, FileStamp now) throws IOException {
            byte[] bytes = Files.readAllBytes(source);
            checkUnchanged(source, now);
            return bytes;
        }

        private CopiedFile copied(Path source, FileStamp now, Optional<Path> same) throws IOException {
            Path copy = same.isPresent() ? disk.link(source, same.get()) : disk.copy(source, now.mode());
            if (same.isEmpty()) {
                checkUnchanged(source, now);
            }
            return CopiedFile.onDisk(Optional.of(now), isSettled(now), copy);
        }

        private static void checkUnchanged(Path source, FileStamp now) throws IOException {
            if (!FileStamp.of(source).equals(now)) {
                throw new OutdatedException(source + " has changed meanwhile");
            }
        }
    }

    /**
     * Returns the files after a build that has changed some of them.
     *
     * @throws OutdatedException if a large file can only be had from the directory
     */
    CopiedFiles with(BuiltFiles.Changes changes, FilesOnDisk disk) throws IOException {
        Map<Path, byte[]> written = new HashMap<>();
        changes.written().forEach((name, bytes) -> written.put(root.resolve(name), bytes));
        Map<Path, CopiedFile> next = new HashMap<>();
        for (Map.Entry<Path, CopiedFile> file : files.entrySet()) {
            Path path = file.getKey();
            if (!written.containsKey(path)) {
                next.put(path, file.getValue().isInMemory() ? file.getValue() : linked(path, file.getValue(), disk));
            }
        }
        changes.deleted().forEach(name -> next.remove(root.resolve(name)));
        Set<Path> all = new HashSet<>(directories);
        all.removeAll(written.keySet());
        for (Map.Entry<Path, byte[]> file : written.entrySet()) {
            next.put(file.getKey(), written(file.getKey(), file.getValue(), disk));
            addParents(file.getKey(), all);
        }
        return new CopiedFiles(root, next, all);
    }

    /** Returns a stamp which the directory has no more, if something has changed: what it has is not known. */
    BuildStamp stampAfter(BuildStamp before, BuiltFiles.Changes changes) {
        Map<Path, FileStamp> stamps = new HashMap<>(before.files());
        changes.written().keySet().forEach(name -> stamps.remove(root.resolve(name)));
        changes.deleted().forEach(name -> stamps.remove(root.resolve(name)));
        return new BuildStamp(true, stamps, before.directories());
    }

    private static CopiedFile linked(Path path, CopiedFile former, FilesOnDisk disk) throws IOException {
        Path intact = former.intact().orElseThrow(() -> new OutdatedException("the copy of " + path + " has vanished"));
        return CopiedFile.onDisk(former.source(), former.isSettled(), disk.link(path, intact));
    }

    /** What it looks like on disk is not known: it is read when the directory is walked through for the next time. */
    private CopiedFile written(Path path, byte[] bytes, FilesOnDisk disk) throws IOException {
        return bytes.length > LARGE
                ? CopiedFile.onDisk(Optional.empty(), false, disk.write(path, bytes, FileStamp.USUAL_MODE))
                : CopiedFile.inMemory(Optional.empty(), false, bytes, file(path));
    }

    private static void addParents(Path path, Set<Path> directories) {
        Path parent = path.getParent();
        while (parent != null && directories.add(parent)) {
            parent = parent.getParent();
        }
    }

    /** Returns whether any later change of the directory shows in its stamp. */
    boolean isSettled() {
        return files.values().stream().allMatch(CopiedFile::isSettled);
    }

    /** Returns the directory that was copied. */
    Path root() {
        return root;
    }

    /** @param path in the directory that was copied */
    Optional<CopiedFile> file(Path path) {
        return Optional.ofNullable(files.get(path));
    }

    /** Returns the file by its name; empty for a directory, and for a name that no file can have. */
    Optional<CopiedFile> file(String name) {
        Path path = path(name);
        return path == null ? Optional.empty() : file(path);
    }

    /** Returns the path in the directory that was copied; null if no file can have the name. */
    @Nullable
    Path path(String name) {
        try {
            return root.resolve(name);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    boolean isDirectory(Path path) {
        return directories.contains(path);
    }

    Map<Path, CopiedFile> files() {
        return files;
    }

    Set<Path> directories() {
        return directories;
    }

    boolean sameContent(CopiedFiles other) throws IOException {
        if (!files.keySet().equals(other.files.keySet())) {
            return false;
        }
        for (Map.Entry<Path, CopiedFile> file : files.entrySet()) {
            CopiedFile its = other.files.get(file.getKey());
            if (its == null || !file.getValue().sameContent(its)) {
                return false;
            }
        }
        return true;
    }
}
