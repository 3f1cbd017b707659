package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.Problem;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.Watcher;
import dev.supervisor.failure.Editor;
import dev.supervisor.failure.FailureDetails;
import dev.supervisor.failure.FailureLoop;
import dev.supervisor.failure.PlainText;
import dev.supervisor.generation.Generation;
import dev.supervisor.process.SupervisorThreads;
import dev.supervisor.socket.ChangeBarrier;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.Receiver;
import dev.supervisor.socket.Server;
import dev.supervisor.socket.Sockets;
import dev.supervisor.swap.GenerationFactory.Outcome;
import dev.supervisor.swap.SwapState.Action;
import dev.supervisor.unload.Unload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs swaps, one at a time. The loop's thread decides by {@link SwapState} and performs the decisions; the {@link
 * BuildThread} makes generations. Methods may be called from any thread; all state belongs to the loop's thread.
 */
public final class SwapLoop {

    private static final Logger LOG = LoggerFactory.getLogger(SwapLoop.class);

    /** How long a file may stay incomplete before it is reported. */
    private static final Duration PATIENCE_WITH_INCOMPLETE = Duration.ofSeconds(1);

    /**
     * How long a directory of classes may stay incomplete after its last change. Maven deletes the old classes first: the
     * next change comes when the compiler has read all sources.
     */
    private static final Duration PATIENCE_WITH_CLASSES = Duration.ofSeconds(10);

    /** How long a request may wait until a change has been seen. Much longer than that takes. */
    private static final Duration BARRIER_PATIENCE = Duration.ofSeconds(2);

    private static final Duration BARRIER_PAUSE = Duration.ofNanos(20_000);

    /** The time between two attempts with the same build. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How often to look whether a generation that has taken over makes too many errors. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final SupervisorOptions options;
    private final Consumer<Event> events;
    private final DrainThreads drains = new DrainThreads();
    private final LiveBackend backend;
    private final GenerationEnd generationEnd;
    private final GenerationFactory factory;
    private final BuildThread buildThread;
    private final Watcher watcher;
    private final RebuildLoopDetector loopDetector;
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "supervisor");
        thread.setDaemon(true);
        return thread;
    });

    private final ChangeBarrier barrier;
    private final AtomicLong changesSeen = new AtomicLong();
    private final AtomicLong changesHandled = new AtomicLong();

    private final World world = new World();
    private final SwapActions steps;

    /** Whether a generation is being made. */
    private boolean working;

    /** Whether the failure to be reported has been reported before. */
    private boolean asBefore;

    /** Whether the failure to be reported is that of a generation that had begun to serve. */
    private boolean broughtBack;

    /** The turn that is under way, or was last. Written by the loop's thread. */
    private volatile @Nullable BuildTurn turn;

    /** A change that is not reported yet. Belongs to the loop's thread. */
    private Optional<Event> news = Optional.empty();

    /** A new generation is wanted, changed or not. Taken back by the thread that builds. */
    private final AtomicBoolean inAnyCase = new AtomicBoolean();

    private Duration patienceLasts = PATIENCE_WITH_INCOMPLETE;
    private final OneShotTimer patience = new OneShotTimer(this::after);
    private final OneShotTimer retry = new OneShotTimer(this::after);
    private final OneShotTimer ports = new OneShotTimer(this::after);
    private final OneShotTimer errors = new OneShotTimer(this::after);
    private volatile boolean stopped;

    /** Makes the parts of a swap; each part gets the observer that it reports to. */
    public interface Parts {
        GenerationFactory job(Generation.Observer observer, GenerationFactory.Turns turns);

        Watcher watcher(Watcher.Observer observer);

        /** Returns the last result of tests, in words. Called from any thread. */
        default Optional<String> tests() {
            return Optional.empty();
        }
    }

    public SwapLoop(
            SupervisorOptions options,
            Sockets sockets,
            GenerationRegistry registry,
            Unload unload,
            Consumer<Event> events,
            FailureLoop failureLoop,
            FailureLoop expiryLoop,
            Parts parts) {
        this.options = options;
        this.events = events;
        boolean holds = options.swap() != SupervisorOptions.Swap.OVERLAP;
        this.barrier = options.tools().build() && holds ? this::passBarrier : ChangeBarrier.NONE;
        this.steps = new SwapActions(SwapState.initial(holds), world);
        this.generationEnd =
                new GenerationEnd(drains, registry, unload, options.timeouts().drain(), events);
        this.backend = new LiveBackend(
                sockets,
                new FailureBackend(failureLoop, sockets.listening(), details(options), barrier, parts::tests),
                new HoldTimeoutPage(expiryLoop, sockets.listening(), options),
                registry,
                generationEnd,
                drains,
                options.timeouts().drain(),
                options.checks().errorLimit(),
                events);
        this.factory = parts.job(new ToLoop(), new Turns());
        this.buildThread = new BuildThread(
                factory,
                low -> events.accept(
                        new Event.MetaspaceLow(low.pool(), low.used(), low.max(), registry.generations())));
        this.loopDetector = options.tools()
                .command()
                .map(tool -> new RebuildLoopDetector(tool::watchesByName, events))
                .orElseGet(() -> new RebuildLoopDetector(path -> false, event -> {}));
        this.watcher = parts.watcher(path -> changed(path, false));
        sockets.adopted().onUnused(() -> post(this::closePorts));
    }

    private static FailureDetails details(SupervisorOptions options) {
        SupervisorOptions.FailurePage page = options.failurePage();
        return new FailureDetails(page.details(), page.editor().map(Editor::command), options.optionNames());
    }

    /** Watches the build and makes the first generation of it. */
    public void start() {
        post(() -> {
            SupervisorThreads.run(this::watch);
            steps.apply(state().changed());
        });
    }

    private SwapState state() {
        return steps.state();
    }

    /** Makes a new generation, whether the build has changed or not. */
    public void swap() {
        changed(options.app().path(), true);
    }

    /**
     * Waits until the watcher has reported all changes up to now, and until new work is held because of them. Where the
     * supervisor does not build, nothing is certain: the build is written by others, at some time after its sources.
     */
    private void passBarrier(BooleanSupplier isHolding) {
        watcher.catchUp();
        long due = changesSeen.get();
        long deadline = System.nanoTime() + BARRIER_PATIENCE.toNanos();
        // Not a wait for the loop's thread: that thread may wait for the lock of the connection that this call is
        // about.
        while (changesHandled.get() < due && !isHolding.getAsBoolean() && !stopped && System.nanoTime() < deadline) {
            LockSupport.parkNanos(BARRIER_PAUSE.toNanos());
        }
    }

    private void changed(Path path, boolean forced) {
        changesSeen.incrementAndGet();
        post(() -> {
            try {
                begin(path, forced);
            } finally {
                changesHandled.incrementAndGet();
            }
        });
    }

    private void begin(Path path, boolean forced) {
        if (forced) {
            inAnyCase.set(true);
        }
        factory.changed(path); // here, since a build that is outdated by it must find it counted
        loopDetector.changed(path);
        boolean first =
                state().activity() == SwapState.Activity.IDLE || state().retry().isQuiet();
        if (first || forced) {
            news = Optional.of(forced ? new Event.SwapAsked() : new Event.Changed(path));
        }
        steps.apply(state().changed());
        tellNews();
    }

    /** Reports a change when new work does wait, and before a build reports that it has begun. */
    private void tellNews() {
        Optional<Event> told = news;
        news = Optional.empty();
        told.ifPresent(events);
    }

    /** Completes when the loop has done all that it had to do before. */
    public CompletableFuture<@Nullable Void> respond() {
        return CompletableFuture.runAsync(() -> {}, loop);
    }

    /** Ends a build that is running, and begins none any more; without waiting. */
    public void killBuild() {
        factory.kill();
    }

    /**
     * Tells clients to leave from now on: each answer is the last one on its connection. New connections are served, and
     * swaps made, as before.
     */
    public void endWithResponses() {
        post(backend::endWithResponses);
    }

    /** Ends the live backend, and waits until all backends have ended; the gates must have been closed. */
    public void stop() {
        stop(backend::clear);
    }

    /**
     * Has the connections of the live backend move to these receivers, and waits until all backends have ended.
     *
     * @param receivers open from now on, for good
     */
    public void handOver(Function<ListeningSocket, Receiver> receivers) {
        stop(() -> {
            backend.finishDatagrams();
            backend.handOver(receivers);
        });
    }

    private void stop(Runnable how) {
        buildThread.stop();
        CompletableFuture.runAsync(() -> SupervisorThreads.run(() -> clear(how)), loop)
                .join(); // or the tasks that it cancels would outlive the loop's shutdown
        buildThread.awaitEnd();
        SupervisorThreads.run(factory::close);
        loop.shutdown();
        SupervisorThreads.awaitTermination(loop);
        drains.awaitAll();
    }

    private void clear(Runnable how) {
        stopped = true;
        patience.cancel();
        retry.cancel();
        ports.cancel();
        errors.cancel();
        watcher.close();
        how.run();
    }

    private void post(Runnable action) {
        try {
            loop.execute(() -> {
                if (!stopped) {
                    SupervisorThreads.run(action);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("too late: the supervisor has stopped", e);
        }
    }

    private final class World implements SwapActions.World {

        @Override
        public void perform(Action action) {
            switch (action) {
                case HOLD -> backend.hold();
                case WORK -> {
                    tellNews();
                    work();
                }
                case LEAVE -> backend.leave();
                case INSTALL -> backend.install();
                case OPEN -> {
                    backend.open();
                    post(SwapLoop.this::closePorts);
                }
                case INSTALL_FAILURE -> backend.installFailure();
                case REPORT_FAILURE -> reportFailure();
                case REPORT_OUTDATED_FAILURE -> report(Event.Failed.Next.SUPERSEDED);
                case AWAIT -> await();
                case RETRY_LATER -> retryLater();
            }
        }

        @Override
        public void performed() {
            backend.drainFormer();
            if (backend.watchesErrors()) {
                errors.start(BETWEEN_LOOKS, SwapLoop.this::lookAtErrors);
            }
        }

        @Override
        public boolean isWorking() {
            return working;
        }

        @Override
        public void later(Runnable action) {
            var unused = after(PAUSE, action);
        }

        @Override
        public void failed(String what, Throwable why) {
            LOG.error("a step of the swap has failed, and is tried again: {}", what, why);
        }
    }

    // Making a generation

    private void work() {
        patience.cancel();
        boolean again = state().retry() != SwapState.Retry.NONE;
        boolean former = options.swap() != SupervisorOptions.Swap.RECREATE
                && !backend.lastEnded().isDone();
        BuildTurn next = new BuildTurn(() -> state().changes(), inAnyCase, backend.snapshot(), again, former);
        turn = next;
        buildThread.begin(next::fix, again, outcome -> loop.execute(() -> finished(outcome, next)));
        working = true;
    }

    private void finished(Outcome outcome, BuildTurn done) {
        working = false;
        if (stopped) {
            if (outcome instanceof GenerationFactory.Started started) {
                var unused = generationEnd.end(started.generation());
            }
            return;
        }
        SupervisorThreads.run(() -> decide(outcome, done));
        if (state().activity() == SwapState.Activity.WORKING && !working) { // the decision or one of its actions failed
            world.later(() -> steps.apply(state().again(working)));
        }
        SupervisorThreads.run(this::watch);
    }

    private void decide(Outcome outcome, BuildTurn done) {
        long upTo = done.upTo();
        boolean outdated = state().changes() > upTo;
        if (outcome instanceof GenerationFactory.Started started) {
            backend.next(started);
            steps.apply(state().started(upTo));
            Generation generation = started.generation();
            generation.exited().ifPresent(why -> exited(generation.number(), why)); // reported before it was live
        } else if (outcome instanceof GenerationFactory.Unchanged) {
            if (!outdated) { // otherwise another turn follows, which says what becomes of it
                backend.reportUnchanged();
            }
            steps.apply(state().unchanged(upTo));
        } else if (outcome instanceof GenerationFactory.NotReady notReady) {
            problem(notReady.problem());
            done.isInVain();
            patienceLasts = patienceWith(notReady.missing());
            steps.apply(state().notReady(upTo));
        } else if (outcome instanceof GenerationFactory.Lacking lacking) {
            problem(lacking.problem());
            done.isInVain();
            patienceLasts = PAUSE;
            steps.apply(state().lacking(upTo));
        } else if (outcome instanceof GenerationFactory.Outdated) {
            done.isInVain();
            steps.apply(state().notReady(upTo));
        } else if (outcome instanceof GenerationFactory.Interrupted) {
            done.isInVain(); // and is done again, see finished()
        } else if (outcome instanceof GenerationFactory.Failed failed) {
            if (outdated) {
                done.isInVain();
            }
            failed(failed, done);
        }
        loopDetector.ended(outdated);
    }

    private void problem(Problem problem) {
        backend.problem(problem.withOptionNames(options::render));
    }

    private void failed(GenerationFactory.Failed failed, BuildTurn done) {
        asBefore = done.isAgain()
                && options.render(failed.problem().summary())
                        .equals(backend.problem().summary());
        problem(failed.problem());
        steps.apply(state().failed(done.upTo(), done.isFormerAlive() && failed.inStart()));
        asBefore = false;
        if (state().retry() == SwapState.Retry.AFTER_FORMER) {
            var unused = backend.lastEnded().thenRun(() -> post(this::formerEnded));
        }
    }

    /** Called when a generation has ended that was the last one to serve; another one may have served since. */
    private void formerEnded() {
        if (backend.lastEnded().isDone()) {
            steps.apply(state().formerEnded());
        }
    }

    /** Watches all paths that mattered for the build; some may have changed before they were watched. */
    private void watch() {
        if (options.tools().build()) {
            return; // the sources are watched, and the end of the build tells of its outcome
        }
        List<Path> targets = new ArrayList<>(options.app().libraries());
        targets.add(options.app().path());
        targets.addAll(factory.sources());
        watcher.watch(targets);
        if (state().activity() != SwapState.Activity.WORKING) {
            factory.changedSource().ifPresent(source -> changed(source, false));
        }
    }

    /**
     * Returns how long to wait for the missing files. Deleted files are mostly about to be made again; before a first
     * build there is no reason to expect that.
     */
    private Duration patienceWith(GenerationFactory.Missing missing) {
        Duration patience = switch (missing) {
            case FILE -> options.timeouts().hold();
            case CLASS -> PATIENCE_WITH_CLASSES;
            case NOTHING -> PATIENCE_WITH_INCOMPLETE;
        };
        if (missing != GenerationFactory.Missing.NOTHING && !backend.hasServed()) {
            return Duration.ZERO;
        }
        return patience.compareTo(options.timeouts().hold()) < 0
                ? patience
                : options.timeouts().hold();
    }

    private void await() {
        patience.start(patienceLasts, () -> steps.apply(state().patienceOver()));
        if (!patienceLasts.isZero() && state().retry() == SwapState.Retry.NONE) {
            events.accept(new Event.Awaiting(backend.problem()));
        }
    }

    private ScheduledFuture<?> after(Duration delay, Runnable action) {
        return loop.schedule(() -> post(action), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void retryLater() {
        retry.start(PAUSE, () -> steps.apply(state().pauseOver()));
    }

    private void closePorts() {
        if (backend.closePorts(options.timeouts().hold())) {
            ports.start(PAUSE, this::closePorts);
        }
    }

    private void exited(int generation, Problem why) {
        if (backend.isLive(generation) && bringBack(why)) {
            LOG.debug("generation {} has exited, and the one before is still there", generation);
        } else if (backend.isLive(generation)) {
            problem(why);
            steps.apply(state().exited());
        } else {
            LOG.warn("generation {}, which does not serve: {}", generation, PlainText.chain(why)); // yet, or any more
        }
    }

    private void lookAtErrors() {
        Optional<Problem> why = backend.tooManyErrors();
        if ((why.isEmpty() || !bringBack(why.get())) && backend.watchesErrors()) {
            errors.start(BETWEEN_LOOKS, this::lookAtErrors);
        }
    }

    /** Has the generation before the live one serve again. Returns false if it can't any more. */
    private boolean bringBack(Problem why) {
        if (!backend.bringBack()) {
            return false;
        }
        problem(why);
        broughtBack = true;
        steps.apply(state().broughtBack());
        broughtBack = false;
        return true;
    }

    private void reportFailure() {
        if (broughtBack) {
            report(Event.Failed.Next.BROUGHT_BACK);
        } else if (state().live() == SwapState.Live.APPLICATION) {
            report(Event.Failed.Next.OLD_SERVES);
        } else if (asBefore) {
            report(Event.Failed.Next.AS_BEFORE);
        } else {
            report(
                    switch (state().retry()) {
                        case NONE, FIRST -> Event.Failed.Next.WAITING;
                        case LATER -> Event.Failed.Next.TRYING_AGAIN;
                        case AFTER_FORMER -> Event.Failed.Next.AFTER_FORMER;
                    });
        }
    }

    private void report(Event.Failed.Next next) {
        events.accept(new Event.Failed(backend.problem(), next));
    }

    /** What applications do, by their own threads. */
    private final class ToLoop implements Generation.Observer {

        @Override
        public void serving(Server server) {
            post(() -> backend.serving(server));
        }

        @Override
        public ChangeBarrier barrier() {
            return barrier;
        }

        @Override
        public void exited(int generation, Problem why) {
            post(() -> SwapLoop.this.exited(generation, why));
        }
    }

    /** Called by the generation factory. */
    private final class Turns implements GenerationFactory.Turns {

        @Override
        public CompletableFuture<@Nullable Void> end(Generation generation) {
            return generationEnd.end(generation);
        }

        @Override
        public CompletableFuture<@Nullable Void> makeWay() {
            CompletableFuture<@Nullable Void> free = new CompletableFuture<>();
            if (options.swap() == SupervisorOptions.Swap.RECREATE) {
                post(() -> {
                    steps.apply(state().makesWay());
                    var unused = backend.lastEnded().thenRun(() -> free.complete(null));
                });
            } else {
                free.complete(null);
            }
            return free;
        }

        /** Also while the loop is busy: the state is read from any thread. */
        @Override
        public boolean isOutdated() {
            BuildTurn current = turn;
            return current != null && state().changes() > current.upTo();
        }

        @Override
        public boolean overlaps() {
            return options.swap() == SupervisorOptions.Swap.OVERLAP && state().live() == SwapState.Live.APPLICATION;
        }
    }
}
