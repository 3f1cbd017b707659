package dev.supervisor.generation;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory for the private copies of one supervisor. Only its user can enter it (mode 0700), a lock marks it as
 * used, and its files are marked for systemd-tmpfiles to leave them alone. If it is cleaned away all the same, the next
 * {@link #path} makes another one.
 *
 * <p>Belongs to one thread at a time.
 */
final class WorkDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkDirectory.class);

    /** The name says whose directory it is; what counts is its owner. */
    private static final String PREFIX =
            "supervisor-" + System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_") + "-";

    /**
     * On a regular file, systemd-tmpfiles takes this bit for "do not delete", whatever the file's age. It comes from the
     * XDG Base Directory Specification. (The lock that tmpfiles respects, flock(2), can't be taken by Java.)
     */
    private static final int STICKY = 01000;

    /** Of this JVM: merely opening and closing their lock file would give up the lock (POSIX). */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    /** Opens and locks the file in a new directory that marks it as used. */
    interface Locking {
        FileChannel lock(Path directory) throws IOException;
    }

    /** A directory of this supervisor. */
    private record Held(Path path, UserPrincipal owner, FileChannel lock) {

        static Held make(Path parent, Locking locking) throws IOException {
            Path path = Files.createTempDirectory(parent.toRealPath(), PREFIX);
            OURS.add(path);
            boolean held = false;
            try {
                Held made = new Held(path, Files.getOwner(path), locking.lock(path));
                held = true;
                return made;
            } finally {
                if (!held) {
                    OURS.remove(path);
                    delete(path);
                }
            }
        }

        /** Without a descriptor, of which there may be none. */
        private static void delete(Path path) {
            try {
                Files.deleteIfExists(path.resolve(AbandonedDirectories.LOCK));
                Files.deleteIfExists(path);
            } catch (IOException e) {
                LOG.debug("can't delete {}", path, e);
            }
        }

        void abandon() throws IOException {
            lock.close();
            OURS.remove(path);
        }

        /** A directory of the same name may have been made by another user, once this one was gone. */
        boolean isThere() {
            try {
                return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                        && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(owner);
            } catch (IOException e) {
                return false;
            }
        }
    }

    private final Optional<Path> chosen;
    private final Map<String, String> environment;
    private final Locking locking;
    private Held held;

    private WorkDirectory(Optional<Path> chosen, Map<String, String> environment, Locking locking) throws IOException {
        this.chosen = chosen;
        this.environment = environment;
        this.locking = locking;
        this.held = Held.make(parent(), locking);
    }

    /**
     * Makes the directory, and deletes what killed supervisors of the same user have left beside it.
     *
     * @param chosen where to make it, made itself if need be; otherwise it is made in the {@linkplain #usualParent usual
     *     place}
     */
    static WorkDirectory create(Optional<Path> chosen, Map<String, String> environment) throws IOException {
        return create(chosen, environment, WorkDirectory::lock);
    }

    static WorkDirectory create(Optional<Path> chosen, Map<String, String> environment, Locking locking)
            throws IOException {
        WorkDirectory directory = new WorkDirectory(chosen, environment, locking);
        Held held = directory.held;
        AbandonedDirectories.delete(Objects.requireNonNull(held.path().getParent()), PREFIX, held.owner(), OURS);
        return directory;
    }

    private Path parent() throws IOException {
        return chosen.isPresent() ? Files.createDirectories(chosen.get()) : usualParent(environment);
    }

    private static FileChannel lock(Path directory) throws IOException {
        Path file = directory.resolve(AbandonedDirectories.LOCK);
        FileChannel lock = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            lock.lock();
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
        keep(file);
        return lock;
    }

    /**
     * Returns where temporary files of a service or a user go: systemd's {@code RUNTIME_DIRECTORY}, {@code TMPDIR}, or
     * {@code java.io.tmpdir}. Not {@code XDG_RUNTIME_DIR}: that is a small part of the memory, and ends with the session.
     */
    static Path usualParent(Map<String, String> environment) {
        return Stream.of("RUNTIME_DIRECTORY", "TMPDIR")
                .flatMap(variable -> Optional.ofNullable(environment.get(variable)).stream())
                .map(value -> value.split(File.pathSeparator, 2)[0]) // a unit may have several RuntimeDirectory=
                .filter(value -> !value.isEmpty())
                .map(Path::of)
                .filter(directory -> Files.isDirectory(directory) && Files.isWritable(directory))
                .findFirst()
                .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** Returns the directory, which is another one if the former has vanished. */
    Path path() throws IOException {
        if (!held.isThere()) {
            Held former = held;
            held = Held.make(parent(), locking);
            LOG.warn(
                    "the private copies in {} were deleted by somebody else: making new ones (another place can be set)",
                    former.path());
            former.abandon();
        }
        return held.path();
    }

    /** Whether this is the directory of a supervisor of this user, such as one beside a jar in {@code /tmp}. */
    static boolean isOne(Path directory) {
        return String.valueOf(directory.getFileName()).startsWith(PREFIX)
                && Files.exists(directory.resolve(AbandonedDirectories.LOCK));
    }

    /** Marks a file of the directory as not to be cleaned away; its time matters to nobody. */
    static void keep(Path file) {
        try {
            int mode = (int) Files.getAttribute(file, "unix:mode");
            Files.setAttribute(file, "unix:mode", mode | STICKY);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            LOG.debug("can't mark {} as not to be cleaned away", file, e);
        }
    }

    /** Deletes the directory, whatever is still in it. */
    @Override
    public void close() {
        try {
            held.abandon();
            if (held.isThere()) {
                PrivateCopy.deleteAll(held.path());
            }
        } catch (IOException e) {
            LOG.warn("can't delete {}: {}", held.path(), e.toString());
        }
    }
}
