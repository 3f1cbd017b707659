package dev.supervisor.swap;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.BuiltFiles;
import dev.supervisor.OptionKey;
import dev.supervisor.Problem;
import dev.supervisor.Status;
import dev.supervisor.generation.AppModules;
import dev.supervisor.generation.Build;
import dev.supervisor.generation.Generation;
import dev.supervisor.generation.LoadException;
import dev.supervisor.generation.Snapshot;
import dev.supervisor.generation.SnapshotStore;
import dev.supervisor.generation.SnapshotStore.NotReadyException;
import dev.supervisor.socket.Sockets;
import dev.supervisor.source.BuildProblem;
import dev.supervisor.source.SourceFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a generation of the build as it is now: snapshot, load, start. Blocks; runs on the build thread. */
public final class GenerationFactory {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationFactory.class);

    /** How it ended. */
    sealed interface Outcome {}

    record Started(Generation generation, Duration loaded, Duration started) implements Outcome {}

    /** The same bytes as the live generation's. */
    record Unchanged() implements Outcome {}

    /** Another change is supposed to complete the build. */
    record NotReady(Problem problem, Missing missing) implements Outcome {}

    /** What a build is not ready for. */
    enum Missing {
        /** Its application, or a library. */
        FILE,
        /** A class, or the provider, where there are directories of classes. */
        CLASS,
        /** Nothing, but a file is no whole jar. */
        NOTHING
    }

    /** The machine lacks something that it may have again soon. */
    record Lacking(Problem problem) implements Outcome {}

    /** @param inStart whether the application failed, and not something before that */
    record Failed(Problem problem, boolean inStart) implements Outcome {
        Failed(Problem problem) {
            this(problem, false);
        }
    }

    /** A source has changed while it was built, or the build while it was checked. */
    record Outdated() implements Outcome {}

    /** The supervisor is stopping. */
    record Interrupted() implements Outcome {}

    private final ApplicationBuilder builder;
    private final SourceFiles sources;
    private final SnapshotStore store;
    /** A builder may change it. Belongs to the build thread, after the constructor. */
    private Build build;

    private final Generation.Settings settings;
    private final Sockets sockets;
    private final GenerationRegistry registry;
    private final Generation.Observer observer;
    private final Turns turns;

    private final AppModules modules = new AppModules();

    /** The last start is repeated, with a module that was not prepared. */
    private boolean preparedInVain;

    private Acceptance acceptance = Acceptance.NONE;

    private int lastNumber;

    /** The machine lacked something at the last attempt, which was not the first: another follows each second. */
    private boolean lacksStill;

    /** Completes when the last that failed to start has ended. */
    private CompletableFuture<@Nullable Void> failedEnded = CompletableFuture.completedFuture(null);

    /** What a job does not decide by itself. */
    public interface Turns {

        /** Begins to end a generation that failed to start; completes when it has ended. */
        CompletableFuture<@Nullable Void> end(Generation generation);

        /** A generation is about to start; completes when it may. */
        CompletableFuture<@Nullable Void> makeWay();

        /** Whether the build has changed since it was taken, so that another turn follows. */
        default boolean isOutdated() {
            return false;
        }

        /** Whether another build is wanted instead of this one, which must not serve. */
        default boolean isGivenUp() {
            return false;
        }

        /** The calling thread begins to wait for the start of the application; it is interrupted if the turn is given up. */
        default void startBegins() {}

        /** The calling thread does not wait any more, and is not interrupted by that any more. */
        default void startEnds() {}

        /** Whether clients are served by another generation meanwhile, and wait for nothing. */
        default boolean overlaps() {
            return false;
        }

        /** The job enters a phase; the one before has ended. */
        default void enter(Status.Phase phase) {}

        /** The phase has ended. */
        default void leave() {}
    }

    public GenerationFactory(
            ApplicationBuilder builder,
            SourceFiles sources,
            SnapshotStore store,
            Build build,
            Generation.Settings settings,
            Sockets sockets,
            GenerationRegistry registry,
            Generation.Observer observer,
            Turns turns) {
        this.builder = builder;
        this.sources = sources;
        this.store = store;
        this.build = build;
        this.settings = settings;
        this.sockets = sockets;
        this.registry = registry;
        this.observer = observer;
        this.turns = turns;
    }

    /** Numbers the generations from the next number on. Called before any is made. */
    public GenerationFactory numberedAfter(int lastGeneration) {
        lastNumber = lastGeneration;
        return this;
    }

    /** Has each generation show that it may serve. Called before any is made. */
    public GenerationFactory accepting(Acceptance tests) {
        acceptance = tests;
        return this;
    }

    /**
     * Builds, if there is a builder, and makes a generation of the build.
     *
     * @param fix called once, when the sources have settled: the outcome covers all changes before this call. Returns the
     *     snapshot of the live generation, to which an identical build is compared; empty to make a generation in any case
     */
    Outcome run(Supplier<Optional<Snapshot>> fix) {
        lacksStill = false;
        return guarded(() -> build(fix));
    }

    /**
     * Makes a generation of the existing build, once more. Former generations may hold what the start needs, so the JVM is
     * asked to collect them; repeated attempts do not ask for collections that have not helped.
     */
    Outcome runAgain(Supplier<Optional<Snapshot>> fix) {
        boolean collects = !lacksStill;
        Outcome outcome = guarded(() -> {
            if (collects) {
                registry.awaitCollected();
            }
            return make(fix.get(), Optional.empty());
        });
        lacksStill = outcome instanceof Lacking;
        return outcome;
    }

    /**
     * Makes a generation of a former build, and builds nothing.
     *
     * @param kept returns a share of its snapshot; empty if that is not there any more
     */
    Outcome runFormer(Supplier<Optional<Snapshot>> kept) {
        lacksStill = false;
        return guarded(() -> makeFormer(kept));
    }

    private Outcome makeFormer(Supplier<Optional<Snapshot>> kept) throws InterruptedException {
        Optional<Snapshot> snapshot = kept.get();
        if (snapshot.isEmpty()) {
            return new Failed(Problem.of("the private copy of the former build is not there any more: somebody else has"
                    + " deleted it (see " + OptionKey.WORK_DIRECTORY + ")"));
        }
        try {
            return startedFrom(snapshot.get(), System.nanoTime());
        } catch (Acceptance.OutdatedException e) {
            return new Outdated();
        } catch (LoadException e) {
            if (isToBeRepeated()) {
                return makeFormer(kept);
            }
            return failed(e, false);
        }
    }

    private Outcome guarded(Callable<Outcome> work) {
        try {
            return work.call();
        } catch (NotReadyException e) {
            return notReady(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Interrupted();
        } catch (Exception | Error e) { // whatever it is, the supervisor lives on
            return new Failed(Problem.of("can't make a generation of " + build.name() + ": " + Problem.describe(e)));
        }
    }

    private Outcome build(Supplier<Optional<Snapshot>> fix) throws NotReadyException, InterruptedException {
        AtomicReference<@Nullable Snapshot> notAgain = new AtomicReference<>();
        if (!builder.isNone()) {
            turns.enter(Status.Phase.BUILD);
        }
        ApplicationBuilder.Outcome built =
                builder.build(() -> notAgain.set(fix.get().orElse(null)));
        if (built instanceof ApplicationBuilder.Outdated) {
            return new Outdated();
        }
        if (built instanceof ApplicationBuilder.Failed failed) {
            return new Failed(BuildProblem.of(failed, sources));
        }
        Optional<BuiltFiles> files = built instanceof ApplicationBuilder.Built done ? done.files() : Optional.empty();
        files.flatMap(BuiltFiles::classPath).ifPresent(path -> build = new Build(path.app(), path.libraries()));
        return make(Optional.ofNullable(notAgain.get()), files);
    }

    private Outcome make(Optional<Snapshot> notAgain, Optional<BuiltFiles> files)
            throws NotReadyException, InterruptedException {
        turns.enter(Status.Phase.SNAPSHOT);
        long begun = System.nanoTime();
        Optional<Snapshot> taken = notAgain.isPresent()
                ? store.takeUnlessSame(build, notAgain.get(), files)
                : Optional.of(store.take(build, true, files)); // copied anew, since it is wanted in any case
        turns.leave();
        if (taken.isEmpty()) {
            return new Unchanged();
        }
        Snapshot snapshot = taken.get();
        boolean directories = snapshot.hasDirectories();
        try {
            return startedFrom(snapshot, begun);
        } catch (Acceptance.OutdatedException e) {
            return new Outdated();
        } catch (LoadException e) {
            if (isToBeRepeated()) {
                return make(Optional.empty(), Optional.empty());
            }
            return failed(e, directories);
        }
    }

    private boolean isToBeRepeated() {
        boolean inVain = preparedInVain;
        preparedInVain = false;
        return inVain;
    }

    /** A build that the supervisor ran has ended, so that no other change completes it. */
    private Outcome notReady(NotReadyException e) {
        Problem problem = Problem.of(String.valueOf(e.getMessage()));
        if (!e.missing() && !(e.getCause() instanceof ZipException)) {
            return new Lacking(problem);
        }
        return builder.isNone()
                ? new NotReady(problem, e.missing() ? Missing.FILE : Missing.NOTHING)
                : new Failed(Problem.of("the build has succeeded, but " + e.getMessage() + " (does " + OptionKey.APP
                        + " name what it makes?)"));
    }

    private Outcome failed(LoadException e, boolean directories) {
        Problem problem = sources.locate(e.problem());
        return switch (e.kind()) {
            case LACKING -> new Lacking(problem);
            case INCOMPLETE ->
                directories && builder.isNone() ? new NotReady(problem, Missing.CLASS) : new Failed(problem);
            case FAILED -> new Failed(problem, true);
        };
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

    /** @param snapshotBegun when the snapshot was begun, by {@link System#nanoTime} */
    private Started startedFrom(Snapshot snapshot, long snapshotBegun)
            throws LoadException, Acceptance.OutdatedException, InterruptedException {
        long copiedNanos = System.nanoTime() - snapshotBegun;
        turns.leave();
        try {
            await(failedEnded);
            registry.awaitRoom();
        } catch (InterruptedException e) {
            snapshot.close();
            throw e;
        }
        turns.enter(Status.Phase.LOAD);
        long begun = System.nanoTime();
        Generation generation = Generation.load(++lastNumber, snapshot, modules, settings, observer);
        registry.born(
                lastNumber,
                new GenerationRegistry.Facts(
                        snapshot.build().name(),
                        snapshot::sha256,
                        generation::classes,
                        generation.connections()::count,
                        generation::threads));
        long loaded = System.nanoTime();
        turns.leave();
        Duration started = start(generation);
        return new Started(generation, Duration.ofNanos(copiedNanos + loaded - begun), started);
    }

    /** @return how long that took */
    private Duration start(Generation generation)
            throws LoadException, Acceptance.OutdatedException, InterruptedException {
        boolean started = false;
        try {
            CompletableFuture<@Nullable Void> way = turns.makeWay();
            if (!way.isDone()) {
                await(way);
                registry.awaitCollected();
            }
            turns.enter(Status.Phase.START);
            long begun = System.nanoTime();
            startUnlessGivenUp(generation);
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            acceptance.accept(generation, turns, this::hasChanged);
            started = true;
            turns.leave();
            generation.prepareNext(modules);
            return took;
        } catch (LoadException e) {
            if (generation.isPreparedInVain()) {
                preparedInVain = true;
                modules.giveUp();
            } else if (e.kind() != LoadException.Kind.LACKING) {
                generation.prepareNext(modules); // the next build is likely to mend it
            }
            throw e;
        } finally {
            if (!started) {
                failedEnded = turns.end(generation);
            }
        }
    }

    private void startUnlessGivenUp(Generation generation)
            throws LoadException, Acceptance.OutdatedException, InterruptedException {
        turns.startBegins();
        try {
            generation.start(sockets);
        } catch (LoadException | InterruptedException e) {
            if (!turns.isGivenUp()) {
                throw e;
            }
            LOG.debug("the start was given up", e);
        } finally {
            turns.startEnds();
        }
        if (turns.isGivenUp()) {
            throw new Acceptance.OutdatedException();
        }
    }

    /** Returns whether the files of the build are others by now. Unknown where something builds them, which is told of sources. */
    private boolean hasChanged() {
        return builder.isNone() && store.changedSince().isPresent();
    }

    /** Drops what is prepared for the next generation. Called when none will be made any more. */
    void close() {
        modules.close();
    }

    private static void await(CompletableFuture<@Nullable Void> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
