package dev.supervisor.change;

import dev.supervisor.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches by another watcher, and also polls targets on mounts that may change without an event. Without such a mount,
 * it only delegates. Thread-safe.
 */
final class MountsWatcher implements Watcher {

    private static final Logger LOG = LoggerFactory.getLogger(MountsWatcher.class);

    private final Observer observer;
    private final Supplier<Mounts> mounts;
    private final Function<Observer, PollingWatcher> polling;
    private final Watcher events;

    private volatile @Nullable PollingWatcher poller;
    private List<Path> targets = List.of(); // guarded by this

    /**
     * @param events makes the other watcher
     * @param polling makes the watcher that polls
     */
    MountsWatcher(
            Observer observer,
            Supplier<Mounts> mounts,
            Function<Observer, Watcher> events,
            Function<Observer, PollingWatcher> polling) {
        this.observer = observer;
        this.mounts = mounts;
        this.polling = polling;
        this.events = events.apply(this::changed);
    }

    @Override
    public synchronized void watch(Collection<Path> paths) {
        List<Path> next = List.copyOf(paths);
        events.watch(next);
        if (!next.equals(targets)) {
            targets = next;
            poll(mounts.get().silentIn(next));
        }
    }

    private void poll(Set<Path> silent) {
        PollingWatcher current = poller;
        if (current == null && !silent.isEmpty()) {
            current = polling.apply(this::changedSilently);
            poller = current;
            LOG.debug("{} can change without an event (network or single-file mount), so it is also polled", silent);
        }
        if (current != null) {
            current.watch(silent);
        }
    }

    /** Reports a change from an event. The poller notes it, and does not report it again. */
    private void changed(Path path) {
        PollingWatcher current = poller;
        if (current != null) {
            current.note(path);
        }
        observer.changed(path);
    }

    private void changedSilently(Path path) {
        if (isReplacedElsewhere(path)) {
            LOG.warn(
                    "{} was replaced where it is mounted from, but a single-file mount keeps the old file"
                            + " (mount its directory instead)",
                    path);
        } else {
            observer.changed(path);
        }
    }

    /** Returns whether the mount keeps a file that has no name any more. */
    private static boolean isReplacedElsewhere(Path path) {
        try {
            return Files.isRegularFile(path)
                    && Files.getAttribute(path, "unix:nlink").equals(0);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** A mount without events can't be waited for. */
    @Override
    public void catchUp() {
        events.catchUp();
    }

    @Override
    public synchronized void close() {
        events.close();
        PollingWatcher current = poller;
        if (current != null) {
            current.close();
        }
    }
}
