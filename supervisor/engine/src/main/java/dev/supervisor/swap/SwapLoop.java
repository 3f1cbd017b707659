package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.OptionKey;
import dev.supervisor.Problem;
import dev.supervisor.Status;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.SwapOutcome;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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
import java.util.function.IntPredicate;
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
    private final SwapHistory history;
    private final GenerationRegistry registry;
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

    /** Whether the failure to be reported is that of an application that has ended itself. */
    private boolean exiting;

    /** @param failed the number of the live generation, in whose place the former one serves again */
    private record Return(int failed, Problem why) {}

    /** While the former generation is being brought back. */
    private Optional<Return> broughtBack = Optional.empty();

    /** The turn that is under way, or was last. Written by the loop's thread. */
    private volatile @Nullable BuildTurn current;

    /** A change that is not reported yet. Belongs to the loop's thread. */
    private Optional<Event> news = Optional.empty();

    /** A new generation is wanted, changed or not. Taken back by the thread that builds. */
    private final AtomicBoolean inAnyCase = new AtomicBoolean();

    private final KeptBuilds keptBuilds;

    /** Those who have asked for a swap and wait for its outcome. */
    private final List<CompletableFuture<SwapOutcome>> waiting = new ArrayList<>();

    /** The former build that is to serve again, until it does or something else is wanted. */
    private Optional<KeptBuilds.Entry> former = Optional.empty();

    /** Whether the last swap has failed, so that a build serves that is older than the newest, or none. */
    private boolean newestFailed;

    /** The turn whose generation was started last. */
    private Optional<BuildTurn> startedIn = Optional.empty();

    /** What has begun to serve in this step. */
    private Optional<LiveBackend.Served> served = Optional.empty();

    /** A failure that was reported in this step, and that no attempt with the same build follows. */
    private Optional<Problem> failure = Optional.empty();

    /** What has changed in a pause; the builder is told after it, so that it leaves a running build alone. */
    private final Set<Path> noted = new LinkedHashSet<>();

    private volatile boolean withdrawn;

    /** Clients are told to leave since the supervisor stops, which is not taken back. */
    private boolean ending;

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

        /** Returns what is told of swaps. */
        default SwapHistory history() {
            return new SwapHistory();
        }

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
        this.registry = registry;
        this.history = parts.history();
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
                this::serving);
        this.factory = parts.job(new ToLoop(), new Turns());
        this.buildThread = new BuildThread(
                factory,
                low -> events.accept(
                        new Event.MetaspaceLow(low.pool(), low.used(), low.max(), registry.generations())));
        this.loopDetector = options.tools()
                .command()
                .map(tool -> new RebuildLoopDetector(tool::watchesByName, events))
                .orElseGet(() -> new RebuildLoopDetector(path -> false, event -> {}));
        this.keptBuilds = new KeptBuilds(options.limits().keptBuilds());
        this.watcher = parts.watcher(this::changed);
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
            history.noticed(Status.Trigger.FIRST);
            steps.apply(state().changed());
        });
    }

    private SwapState state() {
        return steps.state();
    }

    /** Makes a new generation, whether the build has changed or not; in a pause, too. */
    public CompletableFuture<SwapOutcome> swap() {
        return ask(this::begin);
    }

    /** Has a former build serve again, and begins a pause. */
    public CompletableFuture<SwapOutcome> rollback(int back) {
        return ask(outcome -> rollback(back, outcome));
    }

    private CompletableFuture<SwapOutcome> ask(Consumer<CompletableFuture<SwapOutcome>> action) {
        CompletableFuture<SwapOutcome> outcome = new CompletableFuture<>();
        changesSeen.incrementAndGet();
        try {
            loop.execute(() -> {
                try {
                    if (stopped) {
                        outcome.complete(SwapOutcome.stopped());
                    } else {
                        SupervisorThreads.run(() -> action.accept(outcome));
                    }
                } finally {
                    changesHandled.incrementAndGet();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("too late: the supervisor has stopped", e);
            outcome.complete(SwapOutcome.stopped());
        }
        return outcome;
    }

    private void begin(CompletableFuture<SwapOutcome> outcome) {
        waiting.add(outcome);
        inAnyCase.set(true);
        former = Optional.empty();
        tellBuilder();
        factory.changed(options.app().path());
        loopDetector.changed(options.app().path());
        news = Optional.of(new Event.SwapAsked());
        history.noticed(Status.Trigger.ASKED);
        steps.apply(state().asked());
        tellNews();
    }

    private void rollback(int back, CompletableFuture<SwapOutcome> outcome) {
        Optional<KeptBuilds.Entry> target = keptBuilds.former(back, number -> newestServes() && backend.isLive(number));
        if (target.isEmpty()) {
            outcome.complete(SwapOutcome.failed(Problem.of(options.render("no build is kept that could serve again: "
                    + keptBuilds.describe(backend::isLive) + " (" + OptionKey.KEEP_BUILDS + " is "
                    + options.limits().keptBuilds() + ")"))));
            return;
        }
        boolean again = former.isPresent();
        waiting.add(outcome);
        inAnyCase.set(false);
        former = target;
        if (working) {
            factory.changed(options.app().path()); // ends a build that takes long
        }
        news = target.map(entry -> new Event.RollbackAsked(entry.generation(), entry.build()));
        history.noticed(Status.Trigger.ROLLBACK);
        steps.apply(state().rollback(again));
        tellNews();
    }

    /** A build that has failed, or is being started, is the newest one too: a rollback goes back from it. */
    private boolean newestServes() {
        return former.isPresent() || (!newestFailed && !registry.isStarting());
    }

    /** A change whose build is given up for a pause is only noted. */
    private boolean isActedUpon() {
        return !state().paused() || !waiting.isEmpty();
    }

    /** Notes changes from now on, and acts upon none. */
    public void pause() {
        post(() -> {
            if (!state().paused()) {
                events.accept(new Event.Paused());
                steps.apply(state().pause());
            }
        });
    }

    /** Acts upon what has changed in the pause, and takes {@link #withdraw} back. */
    public void resume() {
        post(() -> {
            boolean swaps = state().hasNoted();
            if (swaps) {
                former = Optional.empty();
                tellBuilder();
                history.noticed(Status.Trigger.CHANGED);
            }
            if (state().paused() || withdrawn) {
                news = Optional.of(new Event.Resumed(swaps));
            }
            if (withdrawn && !ending) {
                backend.endWithResponses(false);
            }
            withdrawn = false;
            steps.apply(state().resume());
            tellNews();
        });
    }

    private void tellBuilder() {
        noted.forEach(factory::changed);
        noted.clear();
    }

    /** Tells clients to leave, until {@link #resume}. */
    public void withdraw() {
        post(() -> {
            if (!withdrawn) {
                withdrawn = true;
                backend.endWithResponses(true);
                events.accept(new Event.Withdrawn());
            }
        });
    }

    /** Returns whether changes are noted only. From any thread. */
    public boolean isPaused() {
        return state().paused();
    }

    /** Returns whether clients are told to leave. From any thread. */
    public boolean isWithdrawn() {
        return withdrawn;
    }

    /**
     * Returns the builds that have served last, newest first. From any thread.
     *
     * @param isLive whether the generation of this number is
     */
    public List<Status.KeptBuild> keptBuilds(IntPredicate isLive) {
        return keptBuilds.list(isLive);
    }

    /**
     * Waits until the watcher has reported all changes up to now, and until new work is held because of them. Where the
     * supervisor does not build, nothing is certain: the build is written by others, at some time after its sources.
     */
    private void passBarrier(BooleanSupplier isHolding) {
        if (state().paused()) {
            return; // a change would not keep the request from its answer
        }
        watcher.catchUp();
        long due = changesSeen.get();
        long deadline = System.nanoTime() + BARRIER_PATIENCE.toNanos();
        // Not a wait for the loop's thread: that thread may wait for the lock of the connection that this call is
        // about.
        while (changesHandled.get() < due && !isHolding.getAsBoolean() && !stopped && System.nanoTime() < deadline) {
            LockSupport.parkNanos(BARRIER_PAUSE.toNanos());
        }
    }

    private void changed(Path path) {
        changesSeen.incrementAndGet();
        post(() -> {
            try {
                if (state().paused()) {
                    note(path);
                } else {
                    begin(path);
                }
            } finally {
                changesHandled.incrementAndGet();
            }
        });
    }

    private void note(Path path) {
        if (noted.isEmpty()) {
            events.accept(new Event.Noted(path));
        }
        noted.add(path);
        steps.apply(state().changed());
    }

    private void begin(Path path) {
        factory.changed(path); // here, since a build that is outdated by it must find it counted
        loopDetector.changed(path);
        boolean first =
                state().activity() == SwapState.Activity.IDLE || state().retry().isQuiet();
        if (first) {
            news = Optional.of(new Event.Changed(path));
        }
        history.noticed(Status.Trigger.CHANGED);
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
        post(() -> {
            ending = true;
            backend.endWithResponses(true);
        });
    }

    /** Ends the live backend, and waits until all backends have ended; the gates must have been closed. */
    public void stop() {
        stop(backend::clear);
    }

    /**
     * Tells clients to leave whose connections can't go over to another process, since TLS on them has its keys here.
     *
     * @return completes with whether there are any
     */
    public CompletableFuture<Boolean> leaveProcess() {
        return CompletableFuture.supplyAsync(backend::leaveProcess, loop);
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
        SupervisorThreads.run(keptBuilds::close);
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
        waiting.forEach(outcome -> outcome.complete(SwapOutcome.stopped()));
        waiting.clear();
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
                    served = backend.open().or(() -> served);
                    post(SwapLoop.this::closePorts);
                }
                case INSTALL_FAILURE -> backend.installFailure();
                case REPORT_FAILURE -> reportFailure();
                case REPORT_OUTDATED_FAILURE -> {
                    newestFailed |= isActedUpon();
                    report(Event.Failed.Next.SUPERSEDED);
                }
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
            served.ifPresent(SwapLoop.this::keep);
            served = Optional.empty();
            tellOutcome();
            failure = Optional.empty();
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
        history.began();
        boolean again = state().retry() != SwapState.Retry.NONE;
        boolean formerAlive = options.swap() != SupervisorOptions.Swap.RECREATE
                && !backend.lastEnded().isDone();
        boolean builds = !again && former.isEmpty();
        BuildTurn turn = new BuildTurn(
                () -> builds ? state().changes() : state().wanted(),
                inAnyCase,
                backend.snapshot(),
                again,
                formerAlive,
                former,
                former.filter(entry -> backend.isLive(entry.generation())).isPresent());
        current = turn;
        buildThread.begin(turn::run, outcome -> loop.execute(() -> finished(outcome, turn)));
        working = true;
    }

    private void keep(LiveBackend.Served now) {
        Optional<BuildTurn> turn = startedIn;
        newestFailed = newestFailed && broughtBack.isPresent();
        keptBuilds.served(
                now.generation(),
                now.since(),
                turn.flatMap(BuildTurn::former),
                turn.filter(BuildTurn::isForced).isPresent());
    }

    /** Tells those who wait, unless another attempt follows. */
    private void tellOutcome() {
        if (waiting.isEmpty() || state().activity() != SwapState.Activity.IDLE) {
            return;
        }
        Optional<SwapOutcome> outcome = failure.map(SwapOutcome::failed);
        if (outcome.isEmpty() && backend.serving().isPresent()) {
            outcome = Optional.of(SwapOutcome.served(backend.serving().getAsInt()));
        }
        outcome.ifPresent(told -> {
            List<CompletableFuture<SwapOutcome>> all = List.copyOf(waiting);
            waiting.clear();
            all.forEach(each -> each.complete(told));
        });
    }

    private void finished(Outcome outcome, BuildTurn turn) {
        working = false;
        if (stopped) {
            if (outcome instanceof GenerationFactory.Started started) {
                var unused = generationEnd.end(started.generation());
            }
            return;
        }
        SupervisorThreads.run(() -> decide(outcome, turn));
        if (state().activity() == SwapState.Activity.WORKING && !working) { // the decision or one of its actions failed
            world.later(() -> steps.apply(state().again(working)));
        }
        SupervisorThreads.run(this::watch);
    }

    private void decide(Outcome outcome, BuildTurn turn) {
        long upTo = turn.upTo();
        boolean outdated = state().wanted() > upTo;
        if (outcome instanceof GenerationFactory.Started started) {
            backend.next(started);
            startedIn = Optional.of(turn);
            Generation generation = started.generation();
            history.made(generation.number());
            if (outdated) {
                history.outdated();
            }
            generation.connections().onFirstAnswer(times -> history.answered(generation.number(), times));
            steps.apply(state().started(upTo));
            generation.exited().ifPresent(why -> exited(generation.number(), why)); // reported before it was live
        } else if (outcome instanceof GenerationFactory.Unchanged) {
            if (outdated) { // another turn follows, which says what becomes of it
                history.outdated();
            } else if (backend.reportUnchanged()) {
                history.unchanged();
                newestFailed = false;
            }
            steps.apply(state().unchanged(upTo));
        } else if (outcome instanceof GenerationFactory.NotReady notReady) {
            problem(notReady.problem());
            turn.isInVain();
            patienceLasts = patienceWith(notReady.missing());
            history.leave();
            steps.apply(state().notReady(upTo));
            forgetQuietly();
        } else if (outcome instanceof GenerationFactory.Lacking lacking) {
            problem(lacking.problem());
            turn.isInVain();
            patienceLasts = PAUSE;
            history.leave();
            steps.apply(state().lacking(upTo));
            forgetQuietly();
        } else if (outcome instanceof GenerationFactory.Outdated) {
            turn.isInVain();
            history.outdated();
            steps.apply(state().notReady(upTo));
        } else if (outcome instanceof GenerationFactory.Interrupted) {
            turn.isInVain(); // and is done again, see finished()
        } else if (outcome instanceof GenerationFactory.Failed failed) {
            if (outdated) {
                turn.isInVain();
            }
            failed(failed, turn);
        }
        if (state().activity() == SwapState.Activity.IDLE) {
            former = Optional.empty();
        }
        loopDetector.ended(outdated);
    }

    /** An attempt that is quiet, and has failed like the one before, is told of by nobody. */
    private void forgetQuietly() {
        if (state().activity() == SwapState.Activity.IDLE) {
            history.inVain();
        }
    }

    /** Told when the live backend serves. */
    private void serving(Event event) {
        if (event instanceof Event.Serving serving) {
            broughtBack.ifPresentOrElse(
                    back -> history.broughtBack(back.failed(), serving.held(), back.why()),
                    () -> history.served(serving));
        }
        events.accept(event);
    }

    private void problem(Problem problem) {
        backend.problem(problem.withOptionNames(options::render));
    }

    private void failed(GenerationFactory.Failed failed, BuildTurn turn) {
        asBefore = turn.isAgain()
                && options.render(failed.problem().summary())
                        .equals(backend.problem().summary());
        problem(failed.problem());
        steps.apply(state().failed(turn.upTo(), turn.isFormerAlive() && failed.inStart()));
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
            factory.changedSource().ifPresent(this::changed);
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
            exiting = true; // this failure is not the outcome of a swap that may be under way
            try {
                steps.apply(state().exited());
            } finally {
                exiting = false;
            }
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
        OptionalInt failed = backend.bringBack();
        if (failed.isEmpty()) {
            return false;
        }
        problem(why);
        broughtBack = Optional.of(new Return(failed.getAsInt(), backend.problem()));
        try {
            steps.apply(state().broughtBack());
        } finally {
            broughtBack = Optional.empty();
        }
        return true;
    }

    private void reportFailure() {
        newestFailed |= isActedUpon();
        if (broughtBack.isPresent()) { // a swap that may be under way has another outcome
            events.accept(new Event.Failed(backend.problem(), Event.Failed.Next.BROUGHT_BACK));
            return;
        }
        if (state().retry() != SwapState.Retry.AFTER_FORMER) {
            failure = Optional.of(backend.problem());
        }
        if (state().live() == SwapState.Live.APPLICATION) {
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
        if (!exiting) {
            history.failed(backend.problem(), next == Event.Failed.Next.SUPERSEDED);
        }
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
            BuildTurn turn = current;
            return turn != null && state().wanted() > turn.upTo();
        }

        @Override
        public boolean overlaps() {
            return options.swap() == SupervisorOptions.Swap.OVERLAP && state().live() == SwapState.Live.APPLICATION;
        }

        @Override
        public void enter(Status.Phase phase) {
            history.enter(phase);
        }

        @Override
        public void leave() {
            history.leave();
        }
    }
}
