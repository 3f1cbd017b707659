package dev.supervisor.generation;

import dev.supervisor.files.AbandonedDirectories;
import dev.supervisor.text.IoReason;
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
 * The directory for the private copies of one supervisor. Only its user can enter it (mode 0700), a lock marks it as in
 * use, and its files are marked so that systemd-tmpfiles does not delete them. If it is deleted all the same, the next
 * {@link #path} makes another one.
 *
 * <p>Belongs to one thread at a time.
 */
final class WorkDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkDirectory.class);

    /** The prefix of the names. It contains the user's name for people; the code checks the owner. */
    private static final String PREFIX =
            "supervisor-" + System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_") + "-";

    /**
     * The sticky bit. On a regular file, systemd-tmpfiles reads it as "do not delete", whatever the file's age; this
     * comes from the XDG Base Directory Specification. (Java can't take the lock that systemd-tmpfiles respects,
     * flock(2).)
     */
    private static final int STICKY = 01000;

    /**
     * The directories of this JVM. Other instances must not touch their lock files: merely opening and closing one
     * would release its lock, since POSIX locks belong to the process.
     */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    /** Opens and locks the lock file of a new directory. */
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

        /** Deletes the new directory without opening a descriptor, since there may be none left. */
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

        /**
         * Returns whether the directory still exists. Another user may have made one of the same name after it was
         * deleted.
         */
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
     * Makes the directory, and deletes the directories that killed supervisors of the same user have left beside it.
     *
     * @param chosen the parent directory, which is made if it does not exist; if empty, the {@linkplain #usualParent
     *     usual place}
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
     * Returns the directory for temporary files of a service or a user: systemd's {@code RUNTIME_DIRECTORY}, {@code
     * TMPDIR}, or {@code java.io.tmpdir}. {@code XDG_RUNTIME_DIR} is not used: it is a small part of the memory, and is
     * deleted when the session ends.
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

    /** Returns the directory. Makes a new one if the previous one has vanished. */
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

    /**
     * Returns whether this is the work directory of a supervisor of this user; in {@code /tmp}, one may lie beside a
     * jar.
     */
    static boolean isOne(Path directory) {
        return String.valueOf(directory.getFileName()).startsWith(PREFIX)
                && Files.exists(directory.resolve(AbandonedDirectories.LOCK));
    }

    /** Marks a file so that systemd-tmpfiles does not delete it. */
    static void keep(Path file) {
        try {
            int mode = (int) Files.getAttribute(file, "unix:mode");
            Files.setAttribute(file, "unix:mode", mode | STICKY);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            LOG.debug("can't mark {} as not to be cleaned away", file, e);
        }
    }

    /** Marks a file likewise, and gives it these permissions. */
    static void keep(Path file, int mode) {
        try {
            Files.setAttribute(file, "unix:mode", mode | STICKY);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            LOG.debug("can't mark {} as not to be cleaned away", file, e);
        }
    }

    /** Deletes the directory with everything in it. */
    @Override
    public void close() {
        try {
            held.abandon();
            if (held.isThere()) {
                Deletion.deleteAll(held.path());
            }
        } catch (IOException e) {
            LOG.warn(
                    "can't delete {}: {}",
                    held.path(),
                    IoReason.of(e, held.path().toString()));
        }
    }
}
