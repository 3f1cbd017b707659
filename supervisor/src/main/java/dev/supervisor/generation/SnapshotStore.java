package dev.supervisor.generation;

import dev.supervisor.SupervisorException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots, into a directory of its own among the temporary files. The directory is locked while the supervisor
 * lives; what a killed one left is deleted by the next.
 *
 * <p>Snapshots are taken by one thread at a time.
 */
public final class SnapshotStore implements AutoCloseable {

    /** A build that can't be loaded, or not yet; the message says why. */
    public static final class NotReadyException extends Exception {

        private static final long serialVersionUID = 1L;
        private final boolean missing;

        NotReadyException(String message, boolean missing, Throwable cause) {
            super(message, cause);
            this.missing = missing;
        }

        /** Whether something is not there; otherwise it is there, but can't be read. */
        public boolean missing() {
            return missing;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);
    private static final String PREFIX = "supervisor-";
    private static final String LOCK = "lock";
    private static final Duration SURELY_LOCKED = Duration.ofMinutes(1);

    /** Those of this JVM: merely opening and closing their lock file would give up the lock (POSIX). */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lock;
    private final Duration settle;

    /** The copies of the last snapshot, to share those that did not change; by their source. */
    private Map<Path, Copy> latest = new HashMap<>();

    private volatile Map<Path, Optional<Stamp>> lookedAt = Map.of();

    private int copiesMade;

    private SnapshotStore(Path directory, FileChannel lock, Duration settle) {
        this.directory = directory;
        this.lock = lock;
        this.settle = settle;
    }

    /**
     * @param parent where the directory is made; usually that of {@code java.io.tmpdir}
     * @param settle how long a build must stand still that was not moved into place as a whole
     */
    public static SnapshotStore create(Path parent, Duration settle) {
        try {
            deleteAbandoned(parent);
            Path directory = Files.createTempDirectory(parent, PREFIX);
            OURS.add(directory);
            FileChannel lock =
                    FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock.lock();
            return new SnapshotStore(directory, lock, settle);
        } catch (IOException e) {
            throw new SupervisorException(
                    "can't make a directory for private copies in " + parent + ": " + e
                            + " (set another with -Djava.io.tmpdir in SUPERVISOR_JAVA_OPTS)",
                    e);
        }
    }

    /**
     * Waits until nobody writes to the build, and copies it.
     *
     * @throws NotReadyException if it is not there, or is no readable zip (yet); nothing is kept then
     * @throws InterruptedException if the thread was interrupted; nothing is kept then
     */
    public Snapshot take(Build build) throws NotReadyException, InterruptedException {
        try {
            Optional<Snapshot> snapshot = tryToTake(build, movedIntoPlace(build));
            while (snapshot.isEmpty()) {
                snapshot = tryToTake(build, false);
            }
            return snapshot.get();
        } catch (NoSuchFileException e) {
            throw new NotReadyException(e.getFile() + " does not exist", true, e);
        } catch (IOException e) {
            throw new NotReadyException("can't copy " + build.name() + ": " + e.getMessage(), false, e);
        }
    }

    /** Whether all that has changed since the last snapshot are files that were not there before. */
    private boolean movedIntoPlace(Build build) throws IOException {
        for (Path root : rootsOf(build)) {
            Stamp now = Stamp.of(root);
            Optional<Stamp> before = Optional.ofNullable(latest.get(root)).map(Copy::stamp);
            if (!Optional.of(now).equals(before) && !now.isNewFileSince(before)) {
                return false;
            }
        }
        return true;
    }

    /** @param complete whether the build is not to be waited for; whether it is complete shows in the copy */
    private Optional<Snapshot> tryToTake(Build build, boolean complete)
            throws IOException, NotReadyException, InterruptedException {
        List<Path> roots = complete ? rootsOf(build) : settled(build);
        List<Copy> copies = new ArrayList<>();
        boolean taken = false;
        try {
            for (Path root : roots) {
                copies.add(copyOf(root));
            }
            Optional<Path> broken = firstBroken(copies);
            if (!copies.stream().allMatch(Copy::isCurrent) || (complete && broken.isPresent())) {
                return Optional.empty();
            }
            if (broken.isPresent()) {
                throw unreadable(build, broken.get());
            }
            remember(copies);
            taken = true;
            return Optional.of(new Snapshot(build, copies));
        } finally {
            if (!taken) {
                copies.forEach(Copy::release);
            }
        }
    }

    /** Waits until all has stood still for the settling time. */
    private List<Path> settled(Build build) throws IOException, InterruptedException {
        while (true) {
            List<Path> roots = rootsOf(build);
            Map<Path, Stamp> before = stamps(roots);
            Thread.sleep(settle.toMillis());
            if (stamps(roots).equals(before)) {
                return roots;
            }
        }
    }

    private static Map<Path, Stamp> stamps(List<Path> roots) throws IOException {
        Map<Path, Stamp> stamps = new HashMap<>();
        for (Path root : roots) {
            stamps.put(root, Stamp.of(root));
        }
        return stamps;
    }

    /** Reads the manifests of what has changed only: an application may have a hundred libraries. */
    private List<Path> rootsOf(Build build) throws IOException {
        Map<Path, Optional<Stamp>> now = new HashMap<>();
        try {
            return build.roots(
                    root -> {
                        Copy known = latest.get(root);
                        return known != null && known.isCurrent() ? known.classPath() : Build.classPathOf(root);
                    },
                    mentioned -> now.put(mentioned, stampOf(mentioned)));
        } finally {
            lookedAt = Map.copyOf(now);
        }
    }

    private static Optional<Stamp> stampOf(Path path) {
        try {
            return Optional.of(Stamp.of(path));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** All that mattered when a build was looked at the last time, there or not. From any thread. */
    public Set<Path> lookedAt() {
        return lookedAt.keySet();
    }

    /** What of that has changed since. From any thread. */
    public Optional<Path> changedSince() {
        return lookedAt.entrySet().stream()
                .filter(seen -> !stampOf(seen.getKey()).equals(seen.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Copy copyOf(Path root) throws IOException {
        Copy known = latest.get(root);
        return known != null && known.isCurrent() && known.share()
                ? known
                : Copy.make(root, Stamp.of(root), directory.resolve(Integer.toString(++copiesMade)));
    }

    /** The first copy that is no zip with its whole central directory. */
    private static Optional<Path> firstBroken(List<Copy> copies) {
        for (Copy copy : copies) {
            if (!Files.isDirectory(copy.path())) {
                try {
                    new ZipFile(copy.path().toFile()).close();
                } catch (IOException e) {
                    return Optional.of(copy.source());
                }
            }
        }
        return Optional.empty();
    }

    private static NotReadyException unreadable(Build build, Path broken) {
        String role = broken.equals(build.app()) ? "the application " : "the library ";
        return new NotReadyException(
                role + broken + " is no jar: it is no zip file, or only a part of one",
                false,
                new ZipException("no end of the central directory in " + broken));
    }

    private void remember(List<Copy> copies) {
        Map<Path, Copy> now = new HashMap<>();
        copies.forEach(copy -> now.put(copy.source(), copy));
        latest = now;
    }

    private static void deleteAbandoned(Path parent) throws IOException {
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path candidate : candidates) {
                if (!OURS.contains(candidate) && Files.isWritable(candidate.resolve(LOCK))) {
                    deleteIfAbandoned(candidate);
                }
            }
        }
    }

    private static void deleteIfAbandoned(Path candidate) {
        Path lockFile = candidate.resolve(LOCK);
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            Instant surelyLocked = Instant.now().minus(SURELY_LOCKED);
            if (free != null && Files.getLastModifiedTime(lockFile).toInstant().isBefore(surelyLocked)) {
                Copy.deleteAll(candidate);
            }
        } catch (IOException e) { // deleted by another supervisor at the same time, mostly
            LOG.debug("left alone: {}", candidate, e);
        }
    }

    /** Deletes the directory, whatever is still in it. */
    @Override
    public void close() {
        try {
            lock.close();
            Copy.deleteAll(directory);
            OURS.remove(directory);
        } catch (IOException e) {
            LOG.warn("can't delete {}: {}", directory, e.toString());
        }
    }
}
