package dev.supervisor;

import dev.supervisor.build.Builder;
import dev.supervisor.failure.Problem;
import dev.supervisor.generation.Build;
import dev.supervisor.generation.Generation;
import dev.supervisor.generation.LoadException;
import dev.supervisor.generation.Snapshot;
import dev.supervisor.generation.SnapshotStore;
import dev.supervisor.generation.SnapshotStore.NotReadyException;
import dev.supervisor.socket.Listener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a generation of the build as it is now: snapshot, load, start. Blocks; runs on the build thread. */
final class BuildJob {

    /** How it ended. */
    sealed interface Outcome {}

    record Started(Generation generation, Duration loaded, Duration started) implements Outcome {}

    /** The same bytes as the live generation's. */
    record Unchanged() implements Outcome {}

    record NotReady(Problem problem, boolean missing) implements Outcome {}

    record Failed(Problem problem) implements Outcome {}

    /** A source has changed while it was built. */
    record Outdated() implements Outcome {}

    /** The supervisor is stopping. */
    record Interrupted() implements Outcome {}

    private static final Logger LOG = LoggerFactory.getLogger(BuildJob.class);

    private final Builder builder;
    private final SourceFiles sources;
    private final SnapshotStore store;
    private final Build build;
    private final Generation.Settings settings;
    private final List<Listener> listeners;
    private final Population population;
    private final Generation.Observer observer;
    private final Consumer<Generation> end;

    private int lastNumber;

    BuildJob(
            Builder builder,
            SourceFiles sources,
            SnapshotStore store,
            Build build,
            Generation.Settings settings,
            List<Listener> listeners,
            Population population,
            Generation.Observer observer,
            Consumer<Generation> end) {
        this.builder = builder;
        this.sources = sources;
        this.store = store;
        this.build = build;
        this.settings = settings;
        this.listeners = listeners;
        this.population = population;
        this.observer = observer;
        this.end = end;
    }

    /**
     * @param fix asked when it is certain what is built, and the outcome is of all changes before that: what not to make
     *     again; empty to make one in any case
     */
    Outcome run(Supplier<Optional<Snapshot>> fix) {
        try {
            AtomicReference<@Nullable Snapshot> notAgain = new AtomicReference<>();
            Builder.Outcome built = builder.build(() -> notAgain.set(fix.get().orElse(null)));
            if (built instanceof Builder.Outdated) {
                return new Outdated();
            }
            if (built instanceof Builder.Failed failed) {
                return new Failed(BuildProblem.of(failed, sources));
            }
            long begun = System.nanoTime();
            Snapshot snapshot = store.take(build);
            if (isThere(snapshot, notAgain.get())) {
                snapshot.close();
                return new Unchanged();
            }
            long copied = System.nanoTime();
            population.awaitRoom();
            return startedFrom(snapshot, copied - begun);
        } catch (NotReadyException e) {
            return notReady(e);
        } catch (LoadException e) {
            return new Failed(sources.locate(e.problem()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Interrupted();
        } catch (RuntimeException | Error e) { // whatever it is, the supervisor lives on
            return new Failed(Problem.of("can't make a generation of " + build.name() + ": " + Problem.describe(e)));
        }
    }

    /** A build of ours has ended, and nobody else is going to complete what it made. */
    private Outcome notReady(NotReadyException e) {
        return builder.isNone()
                ? new NotReady(Problem.of(String.valueOf(e.getMessage())), e.missing())
                : new Failed(Problem.of(
                        "the build has succeeded, but " + e.getMessage() + " (does --app name what it makes?)"));
    }

    /** A source has changed, or a new build is wanted in any case. From any thread. */
    void changed(Path source) {
        builder.changed(source);
    }

    /** Ends a build tool that is running, at once and without waiting: the JVM is about to halt. From any thread. */
    void kill() {
        builder.kill();
    }

    /** What matters for the build, as far as it is known; there or not. From any thread. */
    Set<Path> sources() {
        return store.lookedAt();
    }

    /** What of that has changed since it was looked at. From any thread. */
    Optional<Path> changedSource() {
        return store.changedSince();
    }

    private Started startedFrom(Snapshot snapshot, long copiedNanos) throws LoadException, InterruptedException {
        long begun = System.nanoTime();
        Generation generation = Generation.load(++lastNumber, snapshot, settings, observer);
        population.born(
                lastNumber,
                new Population.Facts(
                        snapshot.build().name(),
                        generation::classes,
                        generation.connections()::count,
                        generation::threads));
        long loaded = System.nanoTime();
        start(generation);
        return new Started(
                generation,
                Duration.ofNanos(copiedNanos + loaded - begun),
                Duration.ofNanos(System.nanoTime() - loaded));
    }

    private void start(Generation generation) throws LoadException, InterruptedException {
        boolean started = false;
        try {
            generation.start(listeners);
            started = true;
        } finally {
            if (!started) {
                end.accept(generation);
            }
        }
    }

    private static boolean isThere(Snapshot snapshot, @Nullable Snapshot live) {
        try {
            return live != null && snapshot.sameContent(live);
        } catch (IOException e) {
            LOG.warn("can't compare two builds, taking them for different: {}", e.toString());
            return false;
        }
    }
}
