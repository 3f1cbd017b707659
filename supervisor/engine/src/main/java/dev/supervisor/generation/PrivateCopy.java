package dev.supervisor.generation;

import dev.supervisor.BuiltFiles;
import dev.supervisor.text.IoReason;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A private copy of one jar or directory of classes, as it was when its stamp was taken. Snapshots share the copy of a
 * library that did not change; the last snapshot to release it deletes it. Thread-safe.
 */
final class PrivateCopy {

    private static final Logger LOG = LoggerFactory.getLogger(PrivateCopy.class);

    /** Longer than the coarsest file times in use, which are 2 s (FAT). */
    private static final Duration TICK = Duration.ofSeconds(3);

    private final ClassPathRoot source;
    private final URL sourceUrl;
    private final BuildStamp stamp;
    private final Path directory;
    private final Path path;
    private final List<Path> classPath;
    private final Optional<RequestedResources> asked;

    /** The files of a directory that counts as a whole, which has no {@link #own} stamp. */
    private Optional<CopiedFiles> files = Optional.empty();

    private Optional<FilesOnDisk> onDisk = Optional.empty();

    /** Whether the stamp was old enough when the copy was made: any later change of the source shows in its stamp. */
    private final boolean settled;

    /** The stamp of the copy itself, which other programs may delete. */
    private BuildStamp own;

    private final AtomicInteger users = new AtomicInteger(1);

    /** Guarded by this. */
    private final Map<String, Boolean> contained = new HashMap<>();

    private PrivateCopy(
            ClassPathRoot source, BuildStamp stamp, Path directory, Instant now, SelfWrittenFiles selfWritten)
            throws MalformedURLException {
        this.source = source;
        this.sourceUrl = source.path().toUri().toURL();
        this.stamp = stamp;
        this.directory = directory;
        this.path = directory.resolve(plainName(source.path()));
        this.classPath = Build.classPathOf(source.path());
        this.asked = source.inPlace() && stamp.directory()
                ? Optional.of(new RequestedResources(source.path(), selfWritten))
                : Optional.empty();
        this.settled = !stamp.changedAfter(now.minus(TICK));
        this.own = stamp;
    }

    /**
     * Copies a directory that counts as a whole.
     *
     * @param directory a new directory for this copy only, which is deleted with it
     * @param now a time before the files are read
     * @param former the copy before, which need not be there any more
     * @throws CopiedFiles.OutdatedException if a file no longer looks as in the stamp
     */
    static PrivateCopy read(
            ClassPathRoot source,
            BuildStamp stamp,
            Path directory,
            Instant now,
            SelfWrittenFiles selfWritten,
            Optional<PrivateCopy> former)
            throws IOException {
        return withFiles(
                new PrivateCopy(source, stamp, directory, now, selfWritten),
                former,
                disk -> CopiedFiles.read(
                        source.path(), stamp, now.minus(TICK), former.flatMap(before -> before.files), disk));
    }

    /**
     * Makes the copy after a build whose changes are known.
     *
     * @throws CopiedFiles.OutdatedException if a large file can only be had from the directory
     */
    PrivateCopy after(BuiltFiles.Changes changes, Path next, Instant now, SelfWrittenFiles selfWritten)
            throws IOException {
        CopiedFiles before = files.orElseThrow();
        return withFiles(
                new PrivateCopy(source, before.stampAfter(stamp, changes), next, now, selfWritten),
                Optional.of(this),
                disk -> before.with(changes, disk));
    }

    private interface Reader {
        CopiedFiles read(FilesOnDisk disk) throws IOException;
    }

    private static PrivateCopy withFiles(PrivateCopy copy, Optional<PrivateCopy> former, Reader reader)
            throws IOException {
        try {
            FilesOnDisk disk =
                    new FilesOnDisk(copy.directory, copy.source(), copy.path, former.flatMap(before -> before.onDisk));
            copy.onDisk = Optional.of(disk);
            CopiedFiles read = reader.read(disk);
            disk.contain(read);
            copy.files = Optional.of(read);
        } catch (IOException | RuntimeException e) {
            copy.release();
            throw e;
        }
        return copy;
    }

    /** Returns the files of a directory that counts as a whole. */
    Optional<CopiedFiles> files() {
        return files;
    }

    /**
     * Copies a jar, or a directory that is served in place.
     *
     * @param directory a new directory for this copy only, which is deleted with it
     * @param now a time before the stamp was taken
     */
    static PrivateCopy make(
            ClassPathRoot source, BuildStamp stamp, Path directory, Instant now, SelfWrittenFiles selfWritten)
            throws IOException {
        Files.createDirectory(directory);
        PrivateCopy copy = new PrivateCopy(source, stamp, directory, now, selfWritten);
        try {
            copyAll(source, copy.path);
            copy.own = BuildStamp.of(ClassPathRoot.whole(copy.path));
        } catch (IOException | RuntimeException e) {
            copy.release();
            throw e;
        }
        return copy;
    }

    /** Returns a file name without characters that are special in a URL, or that some locale can't write. */
    private static String plainName(Path source) {
        return String.valueOf(source.getFileName()).replaceAll("[^A-Za-z0-9._+@~-]", "_");
    }

    ClassPathRoot root() {
        return source;
    }

    Path source() {
        return source.path();
    }

    /** Returns the URL of the source, as the JDK's class loaders would report it. */
    URL sourceUrl() {
        return sourceUrl;
    }

    BuildStamp stamp() {
        return stamp;
    }

    /** Returns the private jar or directory. Of a directory that counts as a whole, not all files may be there. */
    Path path() {
        return path;
    }

    /** Returns the private jar or directory, with all of its files. */
    Path onDisk() throws IOException {
        if (onDisk.isPresent()) {
            onDisk.get().writeAll();
        }
        return path;
    }

    /** Returns what is to be loaded from memory; empty for a jar, and for a directory that is served in place. */
    Optional<DirectoryResources> resources() throws IOException {
        return onDisk.isPresent()
                ? Optional.of(new DirectoryResources(files.orElseThrow(), onDisk.get()))
                : Optional.empty();
    }

    /** Returns the entries of the jar's {@code Class-Path}. */
    List<Path> classPath() {
        return classPath;
    }

    /** Returns the resources that the application has asked for, if this is a directory that is served in place. */
    Optional<RequestedResources> asked() {
        return asked;
    }

    /**
     * Returns whether the source still looks as in the stamp. Of a directory that counts as a whole that is certain: what was read
     * of it was compared at once.
     */
    boolean isCurrent() {
        try {
            return files.isPresent()
                    || (BuildStamp.of(source).equals(stamp)
                            && asked.flatMap(RequestedResources::changed).isEmpty());
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Returns whether another snapshot may use this copy: it is certainly current, and still complete.
     *
     * @param now the stamp of the source
     */
    boolean isSharable(BuildStamp now) {
        return (files.isPresent() ? files.get().isSettled() : settled)
                && now.equals(stamp)
                && asked.flatMap(RequestedResources::changed).isEmpty()
                && isIntact();
    }

    /** Returns whether all of the copy is there still, as it was made. */
    boolean isIntact() {
        try {
            return onDisk.isPresent()
                    ? onDisk.get().isIntact()
                    : BuildStamp.of(ClassPathRoot.whole(path)).equals(own);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Returns why this is no jar that can be loaded; empty if it is one, and for a directory.
     *
     * @param contents whether to verify the checksums of the entries, too
     */
    Optional<String> problem(boolean contents) {
        if (stamp.directory()) {
            return Optional.empty();
        }
        if (stamp.files().isEmpty()) {
            return Optional.of("it is neither a file nor a directory");
        }
        try {
            new ZipFile(path.toFile()).close();
            return ZipCheck.problem(path, contents).map(problem -> problem + " (is it being written?)");
        } catch (ZipException e) {
            return Optional.of("it is no zip file, or only a part of one");
        } catch (IOException e) {
            return Optional.of("its copy can't be read: " + e.getMessage());
        }
    }

    /** Returns whether it contains this file. Looked up once, since unchanged libraries are shared by many snapshots. */
    synchronized boolean contains(String file) throws IOException {
        Boolean known = contained.get(file);
        if (known == null) {
            known = lookUp(file);
            contained.put(file, known);
        }
        return known;
    }

    private boolean lookUp(String file) throws IOException {
        if (files.isPresent()) {
            return files.get().file(file).isPresent();
        }
        if (stamp.directory()) {
            return Files.exists(path.resolve(file));
        }
        try (ZipFile jar = new ZipFile(path.toFile())) {
            return jar.getEntry(file) != null;
        }
    }

    /** Adds a user, unless the last one has released it already. */
    boolean share() {
        return users.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
    }

    void release() {
        if (users.decrementAndGet() == 0) {
            try {
                if (onDisk.isPresent()) {
                    onDisk.get().delete();
                } else {
                    Deletion.deleteAll(directory);
                }
            } catch (IOException e) {
                LOG.warn("can't delete the private copy {}: {}", directory, IoReason.of(e, directory.toString()));
            }
        }
    }

    /**
     * Returns whether the application would see the same files in both copies. The other copy may belong to a running
     * application, whose requested resources must be unchanged.
     */
    boolean sameContent(PrivateCopy other) throws IOException {
        if (this == other) {
            return true;
        }
        if (!source.equals(other.source)
                || stamp.directory() != other.stamp.directory()
                || other.users.get() == 0
                || other.asked.flatMap(RequestedResources::changed).isPresent()) {
            return false;
        }
        if (!stamp.directory()) {
            return Files.mismatch(path, other.path) == -1;
        }
        if (files.isPresent() && other.files.isPresent()) {
            return files.get().sameContent(other.files.get());
        }
        Set<Path> mine = filesIn(path);
        if (!mine.equals(filesIn(other.path))) {
            return false;
        }
        for (Path file : mine) {
            if (Files.mismatch(path.resolve(file), other.path.resolve(file)) != -1) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the files of a copy. Files that vanish meanwhile, since the copy may have been released, are left out or
     * cause an {@link IOException}.
     */
    private static Set<Path> filesIn(Path root) throws IOException {
        return BuildStamp.of(ClassPathRoot.whole(root)).files().keySet().stream()
                .map(root::relativize)
                .collect(Collectors.toSet());
    }

    /** Copies all files that count. File names are never turned into text, since some locales can't represent them. */
    private static void copyAll(ClassPathRoot from, Path to) throws IOException {
        FileTree.visit(from, new FileTree.Visitor() {
            @Override
            public void directory(Path directory) throws IOException {
                Files.createDirectory(copyOf(directory));
            }

            @Override
            public void file(Path file, FileStamp stamp) throws IOException {
                Path copy = copyOf(file);
                Files.copy(file, copy);
                WorkDirectory.keep(copy);
            }

            private Path copyOf(Path path) {
                return path.equals(from.path()) ? to : to.resolve(from.path().relativize(path));
            }
        });
    }
}
