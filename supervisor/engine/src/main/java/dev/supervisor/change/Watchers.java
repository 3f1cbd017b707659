package dev.supervisor.change;

import dev.supervisor.Watcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Chooses the watcher: by events where the file system sends them, by polling on request or where events fail. */
public final class Watchers {

    private static final String THREAD = "supervisor-watch";
    private static final String SOURCES_THREAD = "supervisor-watch-sources";

    /** The time between two polls where events may be missing. */
    static final Duration INTERVAL = Duration.ofMillis(500);

    private Watchers() {}

    /**
     * Returns a watcher for a build.
     *
     * @param poll the time between two polls; empty to use the file system's events
     */
    public static Watcher create(Watcher.Observer observer, Optional<Duration> poll) {
        return create(observer, IgnoreFilter.editorFiles(), poll, THREAD, false);
    }

    /** @throws dev.supervisor.SupervisorException if a glob can't be understood */
    public static void checkGlobs(List<String> globs) {
        IgnoredSources.globs(globs);
    }

    /**
     * Returns a watcher for sources, which has begun to watch.
     *
     * @param roots files or directories
     * @param outputs the build's outputs, which are no sources wherever they lie
     * @param globs more files that are no sources, in the form of {@code .gitignore}
     * @param directory the directory to which globs are relative
     * @param poll the time between two polls; empty to use the file system's events
     */
    public static Watcher ofSources(
            Watcher.Observer observer,
            Collection<Path> roots,
            Collection<Path> outputs,
            List<String> globs,
            Path directory,
            Optional<Duration> poll) {
        IgnoreFilter ignored = new IgnoredSources(roots, outputs, globs, directory);
        Watcher watcher = create(observer, ignored, poll, SOURCES_THREAD, true);
        watcher.watch(roots);
        return watcher;
    }

    /** Returns a watcher for a few files, which looks at them again and again, on a thread of this name. */
    public static Watcher polling(Watcher.Observer observer, Duration interval, String thread) {
        return new PollingWatcher(observer, IgnoreFilter.editorFiles(), interval, thread);
    }

    private static Watcher create(
            Watcher.Observer observer,
            IgnoreFilter ignored,
            Optional<Duration> poll,
            String thread,
            boolean catchesUp) {
        return poll.<Watcher>map(interval -> new PollingWatcher(observer, ignored, interval, thread))
                .orElseGet(() -> new MountsWatcher(
                        observer,
                        Mounts::now,
                        both -> new FallbackWatcher(both, ignored, thread, catchesUp),
                        silent -> new PollingWatcher(silent, ignored, INTERVAL, thread + "-mounts")));
    }
}
