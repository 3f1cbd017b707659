package dev.supervisor.change;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks the watcher: by events where the file system sends them, by polling where it is asked for or all else fails. */
public final class Watchers {

    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);
    private static final String THREAD = "supervisor-watch";
    private static final String SOURCES_THREAD = "supervisor-watch-sources";
    private static final Duration FALLBACK_INTERVAL = Duration.ofMillis(500);

    private Watchers() {}

    /**
     * For a build.
     *
     * @param poll how often to look; empty to be told by the file system
     */
    public static Watcher create(Watcher.Observer observer, Optional<Duration> poll) {
        return create(observer, Ignored.nothing(), poll, THREAD);
    }

    /**
     * For sources; watches already.
     *
     * @param roots files or directories
     * @param outputs what the build makes, which is no source wherever it lies
     * @param globs more of what is no source, in the form of {@code .gitignore}
     * @param directory where the globs begin
     * @param poll how often to look; empty to be told by the file system
     */
    public static Watcher ofSources(
            Watcher.Observer observer,
            Collection<Path> roots,
            Collection<Path> outputs,
            List<String> globs,
            Path directory,
            Optional<Duration> poll) {
        Ignored ignored = new IgnoredSources(roots, outputs, globs, directory);
        Watcher watcher = create(observer, ignored, poll, SOURCES_THREAD);
        watcher.watch(roots);
        return watcher;
    }

    private static Watcher create(Watcher.Observer observer, Ignored ignored, Optional<Duration> poll, String thread) {
        return poll.<Watcher>map(interval -> new PollingWatcher(observer, ignored, interval, thread))
                .orElseGet(() -> new WithFallback(observer, ignored, thread));
    }

    /** Watches by events until the system refuses, and polls from then on. */
    private static final class WithFallback implements Watcher {

        private final Observer observer;
        private final Ignored ignored;
        private final String thread;
        private Watcher current;

        WithFallback(Observer observer, Ignored ignored, String thread) {
            this.observer = observer;
            this.ignored = ignored;
            this.thread = thread;
            this.current = new EventWatcher(observer, ignored, thread);
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
                current = new PollingWatcher(observer, ignored, FALLBACK_INTERVAL, thread);
                current.watch(targets);
            }
        }

        @Override
        public void close() {
            current.close();
        }
    }
}
