package dev.supervisor.change;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.supervisor.Watcher;
import io.methvin.watcher.DirectoryChangeEvent;
import io.methvin.watcher.DirectoryChangeEvent.EventType;
import io.methvin.watcher.DirectoryChangeListener;
import io.methvin.watcher.DirectoryWatcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches by the file system's own events (inotify, FSEvents, ReadDirectoryChangesW). Directories on the way to a
 * target are watched too, each without its other content, so that an event arrives when the target, or a directory
 * above it, is created, moved, or deleted and made again.
 *
 * <p>Thread-safe. Events arrive on the watcher's own thread, which starts to watch again when events were lost.
 */
public final class EventWatcher implements Watcher {

    private static final Logger LOG = LoggerFactory.getLogger(EventWatcher.class);

    private static final boolean WATCHES_TREES = System.getProperty("os.name").matches("(?i)(mac|windows).*");

    private final Observer observer;
    private final IgnoreFilter ignored;
    private final Consumer<IOException> refused;
    private final String threadName;
    private final Optional<WatchBarrier> barrier;

    // Guarded by this.
    private @Nullable DirectoryWatcher current;
    private @Nullable Relevant listening;
    private List<Path> named = List.of();
    private Set<Path> watched = Set.of();
    private KnownFiles known = new KnownFiles();

    /**
     * @param ignored the files below the targets that are not watched
     * @param refused called on the watcher's thread when the system refuses a later watch: from then on some changes
     *     are not seen
     */
    EventWatcher(Observer observer, IgnoreFilter ignored, Consumer<IOException> refused, String threadName) {
        this(observer, ignored, refused, threadName, Optional.empty());
    }

    /** @param barrier by which {@link #catchUp} waits; closed with this */
    EventWatcher(
            Observer observer,
            IgnoreFilter ignored,
            Consumer<IOException> refused,
            String threadName,
            Optional<WatchBarrier> barrier) {
        this.barrier = barrier;
        this.observer = observer;
        this.ignored = ignored;
        this.refused = refused;
        this.threadName = threadName;
    }

    /** @throws UncheckedIOException if the system refuses, as when the limit of watches is reached */
    @Override
    public synchronized void watch(Collection<Path> paths) {
        WatchTargets targets = targets(paths);
        if (current != null && targets.paths().equals(watched)) {
            return;
        }
        try {
            named = List.copyOf(paths);
            begin();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private WatchTargets targets(Collection<Path> paths) {
        List<Path> all = new ArrayList<>(paths);
        barrier.map(WatchBarrier::directory).ifPresent(all::add);
        return new WatchTargets(all);
    }

    /**
     * Begins to watch, and repeats that while the ignore rules change: a rule that changes before its directory is
     * registered causes no event.
     */
    private void begin() throws IOException {
        begin(targets(named));
        while (ignored.lookAgain()) {
            end();
            begin(targets(named));
        }
    }

    private void begin(WatchTargets targets) throws IOException {
        Relevant listener = new Relevant(targets);
        DirectoryWatcher next = DirectoryWatcher.builder()
                .paths(starts(targets))
                .fileHashing(false)
                .fileTreeVisitor(new TargetVisitor(targets, ignored, listener::found))
                .listener(listener)
                .logger(LOG)
                .build();
        CompletableFuture<Void> running = next.watchAsync(this::runOnThread);
        if (running.isCompletedExceptionally()) {
            next.close();
            throw refusal(running);
        }
        end(); // the previous one last, so that nothing is missed in between
        current = next;
        listening = listener;
        watched = targets.paths();
        known = listener.begun();
    }

    /**
     * Starts to watch again, on the watcher's thread. The previous watcher is closed first, since both would count
     * towards the limit of watches; a comparison of the files shows the changes in between. {@code refused} is called
     * without the lock, since its receiver may have a lock of its own.
     *
     * @return a file that differs from its known state. Empty if there is none, or if another watcher has replaced this
     *     listener's: that watcher has compared all files itself
     */
    private Optional<Path> watchAnew(Relevant listener) {
        try {
            synchronized (this) {
                if (listening != listener) {
                    return Optional.empty();
                }
                KnownFiles before = known;
                end();
                begin();
                return known.firstDifferenceFrom(before);
            }
        } catch (IOException | RuntimeException e) {
            refused.accept(asIOException(e));
            return Optional.empty();
        }
    }

    /**
     * Returns whether this path changes the ignore rules. Returns false for a replaced watcher, which must not consume
     * an event that the new one needs.
     */
    private synchronized boolean areRulesChangedBy(Path path, Relevant listener) {
        return isListening(listener) && ignored.changedBy(path);
    }

    private boolean isOfBarrier(Path file) {
        return barrier.filter(each -> file.startsWith(each.directory())).isPresent();
    }

    /** Begins to watch anew, and reports what has changed: the new watcher's thread must not pass the barrier before that. */
    private void withoutBarrier(Runnable anew) {
        barrier.ifPresent(WatchBarrier::suspend);
        try {
            anew.run();
        } finally {
            barrier.ifPresent(WatchBarrier::resume);
        }
    }

    private synchronized boolean isListening(Relevant listener) {
        return listening == listener;
    }

    private static IOException refusal(CompletableFuture<Void> failed) {
        try {
            failed.join();
            throw new IllegalStateException("it has failed");
        } catch (CompletionException e) {
            return asIOException(Objects.requireNonNull(e.getCause()));
        }
    }

    private static IOException asIOException(Throwable failure) {
        if (failure instanceof UncheckedIOException unchecked) {
            return Objects.requireNonNull(unchecked.getCause());
        }
        return failure instanceof IOException checked ? checked : new IOException(failure);
    }

    /**
     * Returns the directories where watching begins. With inotify this is the root, so that every directory on the way
     * can be deleted and made again. Other systems watch whole trees, so it is the nearest existing directory that is
     * unlikely to be deleted.
     */
    private static List<Path> starts(WatchTargets targets) {
        Set<Path> starts = new LinkedHashSet<>();
        targets.paths().forEach(target -> starts.add(WATCHES_TREES ? nearAncestor(target) : root(target)));
        return List.copyOf(starts);
    }

    private static Path root(Path target) {
        return Objects.requireNonNull(target.getRoot(), "absolute");
    }

    private static Path nearAncestor(Path target) {
        Path ancestor = target.getNameCount() < 3
                ? root(target)
                : target.resolve("../..").normalize();
        while (!Files.isDirectory(ancestor)) {
            ancestor = Objects.requireNonNull(ancestor.getParent(), "the root is a directory");
        }
        return ancestor;
    }

    private void runOnThread(Runnable loop) {
        Thread thread = new Thread(loop, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void catchUp() {
        barrier.ifPresent(WatchBarrier::pass);
    }

    @Override
    public synchronized void close() {
        end();
        barrier.ifPresent(WatchBarrier::close);
    }

    private void end() {
        DirectoryWatcher former = current;
        current = null;
        listening = null;
        if (former != null) {
            try {
                former.close();
            } catch (IOException e) {
                LOG.debug("can't close a watcher", e);
            }
        }
    }

    private final class Relevant implements DirectoryChangeListener {

        private final WatchTargets targets;
        private final KnownFiles files = new KnownFiles();
        private volatile boolean begun;

        Relevant(WatchTargets targets) {
            this.targets = targets;
        }

        /** Notes a file found by the initial visit. A file that is created later becomes known by its event. */
        void found(Path file, FileStamp stamp) {
            if (!begun && !isOfBarrier(file)) {
                files.note(file, stamp);
            }
        }

        /** Ends the initial visit, and returns the known files. */
        KnownFiles begun() {
            begun = true;
            return files;
        }

        @Override
        public void onEvent(DirectoryChangeEvent event) {
            Path path = event.path();
            if (barrier.isPresent() && barrier.get().reported(path)) {
                return;
            }
            if (areRulesChangedBy(path, this)) {
                rulesChanged(path);
            } else if (targets.include(path)) {
                targetChanged(path, event.eventType());
            } else if (targets.lieBehind(path) && event.eventType() != EventType.MODIFY) {
                withoutBarrier(() -> watchAnew(this).ifPresent(observer::changed));
            }
        }

        /** Starts to watch again. A link on the way to a target is no rule, but its change leads to other files. */
        private void rulesChanged(Path path) {
            withoutBarrier(() -> {
                Optional<Path> difference = watchAnew(this);
                if (IgnoreFiles.areCalled(path)) {
                    observer.changed(path);
                } else {
                    difference.ifPresent(observer::changed);
                }
            });
        }

        /**
         * Reports a changed file. A directory's own change does not count; the files of a new directory have events of
         * their own. A replaced watcher need not report: its successor has compared all files.
         */
        private void targetChanged(Path path, EventType type) {
            boolean directory = Files.isDirectory(path, NOFOLLOW_LINKS);
            if (isIgnored(path, directory || type == EventType.DELETE)) {
                LOG.trace("ignored: {}", path);
            } else if (!isListening(this)) {
                LOG.trace("replaced: {}", path);
            } else if (directory) {
                directoryRegistered(path, type);
            } else if (files.noteNow(path)) {
                observer.changed(path);
            }
        }

        /**
         * Reports a file that was deleted before its new directory was registered. A search for files in the directory
         * above can have found it there; its deletion caused no event.
         */
        private void directoryRegistered(Path directory, EventType type) {
            if (type == EventType.CREATE) {
                files.forgetGoneBelow(directory).ifPresent(observer::changed);
            }
        }

        /** Returns whether the path is ignored. Never true for a path that is itself a target. */
        private boolean isIgnored(Path path, boolean maybeDirectory) {
            return !targets.paths().contains(path)
                    && (ignored.includes(path) || (maybeDirectory && ignored.includesDirectory(path)));
        }

        /**
         * Handles a failure. A failure at a file is no refusal, since the system's errors about limits name no file;
         * mostly the file has vanished. A replaced watcher's failure is ignored: the watcher was closed while it
         * registered a directory, or was refused together with its successor.
         */
        @Override
        public void onException(Exception e) {
            if (!isListening(this)) {
                LOG.debug("a former watcher has failed", e);
            } else if (!(e instanceof IOException || e instanceof UncheckedIOException)) {
                lost(e);
            } else if (!(asIOException(e) instanceof FileSystemException)) {
                refused.accept(asIOException(e));
            } else {
                LOG.debug("an event was not understood", e);
            }
        }

        /**
         * Starts to watch again after lost events. The JDK drops events when there are too many at a time; the library
         * does not handle that and throws. Nothing tells which events were lost. Mostly they were events of a directory
         * above a target, where other programs make files; but changes and new directories may have been among them.
         */
        private void lost(Exception why) {
            LOG.debug("events were lost", why);
            withoutBarrier(() -> watchAnew(this).ifPresent(observer::changed)); // later events go to a new listener
        }
    }
}
