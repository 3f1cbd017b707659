package dev.supervisor.change;

import dev.supervisor.Watcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches by events until the system refuses, at the beginning or for a directory that is created later, and polls from
 * then on. Thread-safe, since the event watcher's thread reports a later refusal.
 */
final class FallbackWatcher implements Watcher {

    private static final Logger LOG = LoggerFactory.getLogger(FallbackWatcher.class);

    private final Observer observer;
    private final IgnoreFilter ignored;
    private final String thread;

    // Guarded by this.
    private Watcher current;
    private List<Path> targets = List.of();
    private boolean polls;
    private boolean closed;

    /** @param catchesUp whether {@link #catchUp} waits, while it watches by events */
    FallbackWatcher(Observer observer, IgnoreFilter ignored, String thread, boolean catchesUp) {
        this.observer = observer;
        this.ignored = ignored;
        this.thread = thread;
        this.current = new EventWatcher(
                observer, ignored, this::refused, thread, catchesUp ? WatchBarrier.open() : Optional.empty());
    }

    @Override
    public synchronized void watch(Collection<Path> paths) {
        targets = List.copyOf(paths);
        try {
            current.watch(targets);
        } catch (UncheckedIOException e) {
            poll(Objects.requireNonNull(e.getCause()));
        }
    }

    /**
     * Begins to poll, and reports a change, since changes may have been lost, even during the first look at the files.
     */
    private synchronized void refused(IOException why) {
        if (!closed && !polls) {
            poll(why);
            targets.stream().findFirst().ifPresent(observer::changed);
        }
    }

    private void poll(IOException why) {
        LOG.warn(
                "can't watch for changes by events, so all files are looked at every {} ms instead: {} ({})",
                Watchers.INTERVAL.toMillis(),
                why.getMessage(),
                remedy(String.valueOf(why.getMessage())));
        current.close();
        current = new PollingWatcher(observer, ignored, Watchers.INTERVAL, thread);
        polls = true;
        current.watch(targets);
    }

    /** Returns advice for a message of the JDK's {@code LinuxWatchService}. */
    private static String remedy(String reason) {
        if (reason.contains("inotify watches")) {
            return "raise the limit: sudo sysctl fs.inotify.max_user_watches=524288";
        }
        if (reason.contains("inotify instances")) {
            return "raise the limit: sudo sysctl fs.inotify.max_user_instances=512";
        }
        return "polling from the beginning does that without a warning";
    }

    @Override
    public void catchUp() {
        current().catchUp();
    }

    private synchronized Watcher current() {
        return current;
    }

    @Override
    public synchronized void close() {
        closed = true;
        current.close();
    }
}
