package dev.supervisor.change;

import dev.supervisor.files.AbandonedDirectories;
import dev.supervisor.text.IoReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until a watcher has reported all changes up to now: it changes a file of its own, and the watcher, which receives
 * events in their order, reports that one after the others.
 *
 * <p>Two rounds are needed. The JDK queues directories, not events: while the events of a directory are being handled, a later
 * event of the same directory waits until that is over, and may be overtaken by the event of the first round. It is queued
 * before the second round begins. Thread-safe.
 */
final class WatchBarrier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WatchBarrier.class);

    /** No name of a work directory begins with it, whose locks are not to be touched from here. */
    static final String PREFIX = "supervisor+watch-";

    /** The directories of this process. */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private static final int ROUNDS = 2;

    /** After this time without an event there is no barrier, until one comes. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Path directory;
    private final List<Path> files = new ArrayList<>();
    private final List<FileChannel> channels = new ArrayList<>();

    // Guarded by this.
    private long begun;
    private long ended;
    private boolean broken;
    private int suspended;
    private boolean closed;

    private WatchBarrier(Path directory) {
        this.directory = directory;
    }

    /** Makes the files, in a directory that only this user can enter. Returns nothing if that is impossible. */
    static Optional<WatchBarrier> open() {
        try {
            WatchBarrier barrier =
                    new WatchBarrier(Files.createTempDirectory(PREFIX).toRealPath());
            for (int i = 0; i < ROUNDS; i++) {
                Path file = barrier.directory.resolve("barrier-" + i);
                barrier.files.add(file);
                barrier.channels.add(FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            }
            barrier.lock();
            return Optional.of(barrier);
        } catch (IOException e) {
            LOG.warn(
                    "a request that is sent right after a change may be answered by the old build: {}", IoReason.of(e));
            return Optional.empty();
        }
    }

    /** Marks the directory as in use, and deletes those of supervisors that were killed. */
    private void lock() throws IOException {
        OURS.add(directory);
        Path file = directory.resolve(AbandonedDirectories.LOCK);
        FileChannel lock = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        files.add(file);
        channels.add(lock);
        lock.lock(); // released when the channel is closed
        AbandonedDirectories.delete(
                Objects.requireNonNull(directory.getParent()), PREFIX, Files.getOwner(directory), OURS);
    }

    /** Returns the directory that has to be watched. */
    Path directory() {
        return directory;
    }

    /** Returns whether this is a file of the barrier, and notes that it was reported. */
    boolean reported(Path path) {
        if (!path.startsWith(directory)) {
            return false;
        }
        seen(path);
        return true;
    }

    /** Two files take turns, so that a second event of one does not count for the next round. */
    private synchronized void seen(Path path) {
        if (suspended == 0 && begun > ended && path.equals(fileOf(begun))) {
            ended = begun;
            broken = false;
            notifyAll();
        }
    }

    private Path fileOf(long round) {
        return files.get((int) (round % ROUNDS));
    }

    /**
     * The watcher begins to watch anew: what happens meanwhile has no event, and is found and reported before {@link #resume}.
     */
    synchronized void suspend() {
        suspended++;
    }

    /** What has happened meanwhile has been reported. The event of a round that was under way may be lost. */
    synchronized void resume() {
        suspended--;
        if (suspended == 0 && begun > ended && !closed) {
            begin();
        }
        notifyAll();
    }

    /**
     * Waits until all changes before this call have been reported. Returns earlier if the watcher reports nothing; then each call
     * tries again, without waiting, until it does.
     */
    synchronized void pass() {
        if (broken && suspended == 0 && !closed) {
            begin();
        }
        long enough = begun + ROUNDS; // one that is under way may have begun before the last change
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ended < enough && !broken && !closed) {
            if (begun == ended && suspended == 0) {
                begin();
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                LOG.debug("the watcher has not reported a change for {}", PATIENCE);
                broken = true;
                return;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void begin() {
        begun++;
        try {
            channels.get((int) (begun % ROUNDS)).write(ByteBuffer.wrap(new byte[1]), 0); // one event
        } catch (IOException e) {
            LOG.debug("can't change a file of the barrier", e);
            broken = true;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        try {
            for (FileChannel channel : channels) {
                channel.close();
            }
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(directory);
            OURS.remove(directory);
        } catch (IOException e) {
            LOG.debug("can't delete {}", directory, e);
        }
    }
}
