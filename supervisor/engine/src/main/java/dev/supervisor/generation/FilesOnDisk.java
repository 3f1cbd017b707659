package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a copied directory that are in the work directory: large ones from the beginning, and the others as soon as an
 * application asks where one is. It may make a {@link java.io.File} of the answer, and list the directory. Thread-safe.
 */
final class FilesOnDisk {

    private static final Logger LOG = LoggerFactory.getLogger(FilesOnDisk.class);

    private final Path directory;
    private final Path source;
    private final Path root;

    /** What the files looked like when they were written, by the paths that were copied. */
    private final Map<Path, FileStamp> written = new HashMap<>();

    private boolean isWhole;
    private boolean isDeleted;

    private @Nullable CopiedFiles content;

    /** An earlier copy that has class files on disk, which can be linked. It has no former one itself, or all would be kept. */
    private @Nullable FilesOnDisk former;

    /**
     * @param directory made now, and deleted with everything in it
     * @param source the directory that is copied
     * @param root its place in the new one
     */
    FilesOnDisk(Path directory, Path source, Path root, Optional<FilesOnDisk> former) throws IOException {
        this.directory = directory;
        this.source = source;
        this.root = root;
        this.former = former.flatMap(FilesOnDisk::withFiles).orElse(null);
        makeDirectory(root);
    }

    private synchronized Optional<FilesOnDisk> withFiles() {
        return (isDeleted || !isWhole) ? Optional.ofNullable(former) : Optional.of(this);
    }

    /** Called once, before anything is asked for. */
    synchronized void contain(CopiedFiles files) {
        content = files;
    }

    private CopiedFiles content() {
        return Objects.requireNonNull(content);
    }

    /** Returns where the copied directory is, although not all of its files may be there. */
    Path root() {
        return root;
    }

    /** Returns the place of a path of the directory that was copied. */
    Path placeOf(Path path) {
        return path.equals(source) ? root : root.resolve(source.relativize(path));
    }

    /** Copies a file to its place. */
    synchronized Path copy(Path file, int mode) throws IOException {
        Path place = prepared(file);
        Files.copy(file, place);
        return added(file, place, mode);
    }

    synchronized Path write(Path file, byte[] bytes, int mode) throws IOException {
        Path place = prepared(file);
        Files.write(place, bytes);
        return added(file, place, mode);
    }

    private Path added(Path file, Path place, int mode) throws IOException {
        WorkDirectory.keep(place, mode);
        written.put(file, FileStamp.of(place));
        return place;
    }

    /** Links a file to its place, or copies it where there are no links. */
    synchronized Path link(Path file, Path existing) throws IOException {
        Path place = prepared(file);
        try {
            Files.createLink(place, existing);
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("can't link {}", existing, e);
            Files.copy(existing, place);
            WorkDirectory.keep(place);
        }
        written.put(file, FileStamp.of(place));
        return place;
    }

    private Path prepared(Path file) throws IOException {
        Path place = placeOf(file);
        makeDirectory(Objects.requireNonNull(place.getParent()));
        return place;
    }

    /** Does not make the work directory: if somebody has deleted that, anybody may have made it again. */
    private void makeDirectory(Path path) throws IOException {
        if (!path.equals(directory.getParent()) && !Files.isDirectory(path)) {
            makeDirectory(Objects.requireNonNull(path.getParent()));
            Files.createDirectory(path);
        }
    }

    /** Writes one file, unless it is there. */
    synchronized void write(Path path) throws IOException {
        CopiedFile file = content().files().get(path);
        if (file == null || isDeleted || written.containsKey(path)) {
            return;
        }
        Optional<Path> linkable = former == null ? Optional.empty() : former.linkable(path, file);
        if (linkable.isPresent()) {
            link(path, linkable.get());
        } else {
            write(path, file.bytes(), file.mode());
        }
    }

    /** Writes all files that are not there yet. */
    synchronized void writeAll() throws IOException {
        if (isWhole || isDeleted) {
            return;
        }
        for (Path path : new TreeSet<>(content().directories())) {
            makeDirectory(placeOf(path));
        }
        for (Path path : content().files().keySet()) {
            write(path);
        }
        isWhole = true;
        former = null;
    }

    synchronized boolean isWhole() {
        return isWhole;
    }

    /**
     * Returns this copy's file if it has the same bytes as another's, and nobody has changed it. Only classes: an application may
     * write to other files, and would reach those of another generation.
     */
    private synchronized Optional<Path> linkable(Path path, CopiedFile file) {
        FileStamp stamp = written.get(path);
        CopiedFile mine = content().files().get(path);
        boolean isSame = mine != null && file.sharesBytesWith(mine) && isIntact(path, stamp);
        return (isSame && path.toString().endsWith(".class")) ? Optional.of(placeOf(path)) : Optional.empty();
    }

    /** Returns whether all that was written is still there, and has not been changed. */
    synchronized boolean isIntact() {
        return !isDeleted
                && Files.isDirectory(root)
                && written.entrySet().stream().allMatch(file -> isIntact(file.getKey(), file.getValue()));
    }

    private boolean isIntact(Path path, @Nullable FileStamp stamp) {
        try {
            return stamp != null && FileStamp.of(placeOf(path)).isSameApartFromLinks(stamp);
        } catch (IOException e) {
            return false;
        }
    }

    /** Deletes the files. None is written any more: the classes of a generation that has ended may be alive still. */
    synchronized void delete() throws IOException {
        isDeleted = true;
        former = null;
        Deletion.deleteAll(directory);
    }
}
