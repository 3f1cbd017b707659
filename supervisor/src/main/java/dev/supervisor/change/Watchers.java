package dev.supervisor.change;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks the watcher: by events where the file system sends them, by polling where it is asked for or all else fails. */
public final class Watchers {

    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);
    private static final String THREAD = "supervisor-watch";
    private static final Duration FALLBACK_INTERVAL = Duration.ofMillis(500);

    private Watchers() {}

    /** @param poll how often to look; empty to be told by the file system */
    public static Watcher create(Watcher.Observer observer, Optional<Duration> poll) {
        return poll.<Watcher>map(interval -> new PollingWatcher(observer, interval, THREAD))
                .orElseGet(() -> new WithFallback(observer));
    }

    /** Watches by events until the system refuses, and polls from then on. */
    private static final class WithFallback implements Watcher {

        private final Observer observer;
        private Watcher current;

        WithFallback(Observer observer) {
            this.observer = observer;
            this.current = new EventWatcher(observer, THREAD);
        }

        @Override
        public void watch(Collection<Path> targets) {
            try {
                current.watch(targets);
            } catch (UncheckedIOException e) {
                LOG.warn(
                        "can't watch for changes: {}; looking every {} ms instead (on Linux, raise the limit of watches:"
                                + " sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512)",
                        String.valueOf(e.getCause()),
                        FALLBACK_INTERVAL.toMillis());
                current.close();
                current = new PollingWatcher(observer, FALLBACK_INTERVAL, THREAD);
                current.watch(targets);
            }
        }

        @Override
        public void close() {
            current.close();
        }
    }
}
