package dev.supervisor.compile;

import dev.supervisor.Watcher;
import dev.supervisor.change.Watchers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Watches all that a project is built of, and other files when it is described anew. Thread-safe. */
final class ProjectWatcher implements Watcher {

    /**
     * How it watches.
     *
     * @param state a directory of the compiler's own files
     * @param ignored more files that are no sources, in the form of {@code .gitignore}
     * @param poll the time between two looks; empty to use the file system's events
     */
    record Settings(Path state, List<String> ignored, Optional<Duration> poll) {}

    private final Observer observer;
    private final Settings settings;
    private final Runnable onClose;

    // Guarded by this.
    private @Nullable Watcher current;
    private List<Path> watched = List.of();
    private boolean closed;

    /** @param onClose run when this is closed */
    ProjectWatcher(Observer observer, Settings settings, ProjectCompiler compiler, Runnable onClose) {
        this.onClose = onClose;
        this.observer = observer;
        this.settings = settings;
        compiler.onProject(this::follow);
    }

    private synchronized void follow(Project project) {
        List<Path> sources = ProjectCompiler.sourcesOf(project);
        if (closed || (current != null && sources.equals(watched))) {
            return;
        }
        List<Path> outputs = new ArrayList<>(ProjectCompiler.outputsOf(project));
        outputs.add(settings.state());
        Watcher next = Watchers.ofSources(
                observer, sources, outputs, settings.ignored(), project.directory(), settings.poll());
        closeCurrent(); // after the next one has begun, so that nothing is missed
        current = next;
        watched = sources;
    }

    private void closeCurrent() {
        if (current != null) {
            current.close();
        }
    }

    /** A project tells what to watch. */
    @Override
    public void watch(Collection<Path> targets) {}

    @Override
    public void catchUp() {
        current().ifPresent(Watcher::catchUp);
    }

    private synchronized Optional<Watcher> current() {
        return Optional.ofNullable(current);
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeCurrent();
        onClose.run();
    }
}
