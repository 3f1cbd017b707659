package dev.supervisor.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the temporary directories of each supervisor that was killed: a lock file in each, which a running one holds, tells
 * which they are. Other users can write in the parent directory,
 * and could put a link in the place of a path between two lookups. So no path is looked up twice: each step goes from
 * an open directory to a name in it, never follows a link, and touches only files of the same user.
 */
public final class AbandonedDirectories {

    /** The name of the lock file. A directory without one is left alone. */
    public static final Path LOCK = Path.of("lock");

    private static final Logger LOG = LoggerFactory.getLogger(AbandonedDirectories.class);
    private static final Duration SURELY_LOCKED = Duration.ofMinutes(1);

    private AbandonedDirectories() {}

    /**
     * Deletes the abandoned directories in a directory. Does nothing where the system has no {@link
     * SecureDirectoryStream} (Windows).
     *
     * @param parent the directory to search
     * @param prefix the prefix of the names of the directories
     * @param owner the user whose directories are deleted
     * @param used the directories of this process, which are left alone: to open and close a lock file would release its lock
     */
    public static void delete(Path parent, String prefix, UserPrincipal owner, Set<Path> used) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, prefix + "*")) {
            if (entries instanceof SecureDirectoryStream<Path> directory) {
                for (Path entry : directory) {
                    if (!used.contains(entry)) {
                        deleteIfAbandoned(directory, entry.getFileName(), owner);
                    }
                }
            }
        } catch (IOException e) {
            LOG.debug("can't look for abandoned directories in {}", parent, e);
        }
    }

    private static void deleteIfAbandoned(SecureDirectoryStream<Path> parent, Path name, UserPrincipal owner) {
        try {
            PosixFileAttributes found = attributes(parent, name);
            if (found.isDirectory() && found.owner().equals(owner) && deleteContents(parent, name, owner)) {
                parent.deleteDirectory(name);
            }
        } catch (IOException e) { // deleted by another supervisor at the same time, mostly
            LOG.debug("left alone: {}", name, e);
        }
    }

    private static boolean deleteContents(SecureDirectoryStream<Path> parent, Path name, UserPrincipal owner)
            throws IOException {
        try (SecureDirectoryStream<Path> directory = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            PosixFileAttributes lock = attributes(directory, LOCK);
            // opening a named pipe would block
            boolean regular = lock.isRegularFile() && lock.owner().equals(owner);
            if (!regular || !surelyLocked(lock)) {
                return false;
            }
            try (SeekableByteChannel channel = directory.newByteChannel(
                            LOCK, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
                    FileLock free = ((FileChannel) channel).tryLock()) {
                if (free != null) {
                    deleteAll(directory);
                }
                return free != null;
            }
        }
    }

    /** Returns false for a lock file that is so new that its supervisor may not have locked it yet. */
    private static boolean surelyLocked(BasicFileAttributes lock) {
        return lock.lastModifiedTime().toInstant().isBefore(Instant.now().minus(SURELY_LOCKED));
    }

    private static void deleteAll(SecureDirectoryStream<Path> directory) throws IOException {
        for (Path entry : directory) {
            Path name = entry.getFileName();
            if (attributes(directory, name).isDirectory()) {
                try (SecureDirectoryStream<Path> inside =
                        directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                    deleteAll(inside);
                }
                directory.deleteDirectory(name);
            } else {
                directory.deleteFile(name);
            }
        }
    }

    private static PosixFileAttributes attributes(SecureDirectoryStream<Path> directory, Path name) throws IOException {
        return directory
                .getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }
}
