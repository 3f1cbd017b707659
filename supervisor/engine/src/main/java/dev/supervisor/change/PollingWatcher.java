package dev.supervisor.change;

import dev.supervisor.Watcher;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches by looking at the targets again and again, for file systems that send no events (some containers, network
 * mounts). Has one thread of its own.
 */
public final class PollingWatcher implements Watcher {

    private static final Logger LOG = LoggerFactory.getLogger(PollingWatcher.class);

    private static final Set<FileVisitOption> FOLLOW_LINKS = EnumSet.of(FileVisitOption.FOLLOW_LINKS);

    private final Observer observer;
    private final IgnoreFilter ignored;
    private final ScheduledExecutorService poller;

    private volatile List<Path> targets = List.of();

    /** Changes that another watcher has reported since the last poll, with the stamps from then. */
    private final Map<Path, Optional<FileStamp>> toldMeanwhile = new ConcurrentHashMap<>();

    /** Used by the poller's thread only. */
    private KnownFiles known = new KnownFiles();

    private List<Path> knownTargets = List.of();

    /** @param ignored the files below the targets that are not watched */
    PollingWatcher(Observer observer, IgnoreFilter ignored, Duration interval, String threadName) {
        this.observer = observer;
        this.ignored = ignored;
        this.poller = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
        var unused = poller.scheduleWithFixedDelay(
                this::pollInAnyCase, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Watches these targets. Notes their current state as known before it returns. */
    @Override
    public void watch(Collection<Path> paths) {
        List<Path> next = List.copyOf(paths);
        if (next.equals(targets)) {
            return;
        }
        targets = next;
        try {
            poller.submit(this::poll).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Notes a change that another watcher has reported, so that this watcher does not report it again. A directory is
     * not noted, since its changed files are unknown. May be called from any thread.
     */
    void note(Path path) {
        if (targets.stream().anyMatch(path::startsWith) && !Files.isDirectory(path)) {
            toldMeanwhile.put(path, FileStamp.of(path));
        }
    }

    /** Polls, and survives any failure: the executor would silently stop after an exception. */
    private void pollInAnyCase() {
        try {
            poll();
        } catch (RuntimeException e) {
            LOG.warn("can't look for changes, but will try again", e);
        }
    }

    /** Looks at the targets once. Must run on the poller's thread. */
    void poll() {
        List<Path> now = targets;
        KnownFiles seen = new KnownFiles();
        ignored.lookAgain();
        now.forEach(target -> look(target, seen));
        if (now.equals(knownTargets)) {
            tellDifferences(seen);
        }
        known = seen;
        knownTargets = now;
    }

    private void tellDifferences(KnownFiles seen) {
        Map<Path, Optional<FileStamp>> told = Map.copyOf(toldMeanwhile);
        List<Path> silent = seen.differencesFrom(known)
                .filter(path -> !isTold(path, seen.of(path), told))
                .toList();
        told.forEach((path, stamp) -> {
            toldMeanwhile.remove(path, stamp);
            if (silent.stream().noneMatch(changed -> changed.startsWith(path))) {
                seen.note(path, stamp); // it may have been looked at before the change
            }
        });
        silent.stream().findFirst().ifPresent(observer::changed);
    }

    /**
     * Returns whether the file looks as it did when it was reported. If not, it has changed once more, without an
     * event. A reported directory that is gone covers the files in it.
     */
    private static boolean isTold(Path path, Optional<FileStamp> seen, Map<Path, Optional<FileStamp>> told) {
        return told.entrySet().stream()
                .anyMatch(entry ->
                        path.startsWith(entry.getKey()) && entry.getValue().equals(seen));
    }

    private void look(Path target, KnownFiles seen) {
        if (!Files.exists(target)) {
            return;
        }
        try {
            Files.walkFileTree(target, FOLLOW_LINKS, Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return ignored.includesDirectory(directory)
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.equals(target) || !ignored.includes(file)) {
                        seen.note(file, FileStamp.of(file, attributes));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE; // deleted meanwhile: the next look shows it
                }
            });
        } catch (IOException e) {
            LOG.debug("can't look at {}", target, e);
        }
    }

    @Override
    public void close() {
        poller.shutdownNow();
    }
}
