package dev.supervisor.swap;

import dev.supervisor.Event;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

    /** The time between two attempts with the same build. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final SupervisorOptions options;
    private final Consumer<Event> events;
    private final DrainThreads drains = new DrainThreads();
    private final LiveBackend backend;
    private final GenerationEnd generationEnd;
    private final GenerationFactory factory;
    private final BuildTurns turns;
    private final BuildThread buildThread;
    private final SwapHistory history;
    private final Watcher watcher;
    private final LoopThread thread = new LoopThread();
    private final ChangeCount changeCount = new ChangeCount();
    private final ChangeBarrier barrier;

    private final World world = new World();
    private final SwapActions steps;

    private final KeptBuilds keptBuilds;
    private final WantedBuild wanted;
    private final SwapOutcomes outcomes = new SwapOutcomes();
    private final FailureReports failures;
    private final Changes changes;
    private final Withdrawal withdrawal;
    private final BringBack bringBack;
    private final Steering steering;
    private final Patience patience;
    private final OneShotTimer retry = new OneShotTimer(thread::after);
    private final OneShotTimer ports = new OneShotTimer(thread::after);

    /** Whether a generation is being made. */
    private boolean working;

    /** What has begun to serve in this step. */
    private Optional<LiveBackend.Served> served = Optional.empty();

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
        this.turns = new BuildTurns(options.swap(), thread, steps, backend, generationEnd, history);
        this.factory = parts.job(new ToLoop(), turns);
        this.buildThread = new BuildThread(
                factory,
                low -> events.accept(
                        new Event.MetaspaceLow(low.pool(), low.used(), low.max(), registry.generations())));
        this.keptBuilds = new KeptBuilds(options.limits().keptBuilds());
        this.wanted = new WantedBuild(keptBuilds);
        this.failures = new FailureReports(options, backend, wanted, outcomes, history, events);
        this.changes =
                new Changes(factory, RebuildLoopDetector.of(options.tools().command(), events), events);
        this.withdrawal = new Withdrawal(backend, events);
        this.bringBack = new BringBack(
                backend, failures, history, new OneShotTimer(thread::after), () -> steps.apply(state().broughtBack()));
        this.steering = new Steering(
                options,
                steps,
                turns,
                changes,
                wanted,
                outcomes,
                withdrawal,
                backend,
                history,
                registry::isStarting,
                events);
        this.patience =
                new Patience(new OneShotTimer(thread::after), options.timeouts().hold());
        this.watcher = parts.watcher(this::changed);
        sockets.adopted().onUnused(() -> thread.post(this::closePorts));
    }

    private static FailureDetails details(SupervisorOptions options) {
        SupervisorOptions.FailurePage page = options.failurePage();
        return new FailureDetails(page.details(), page.editor().map(Editor::command), options.optionNames());
    }

    /** Watches the build and makes the first generation of it. */
    public void start() {
        thread.post(() -> {
            SupervisorThreads.run(this::watch);
            steering.start();
        });
    }

    private SwapState state() {
        return steps.state();
    }

    /** Makes a new generation, whether the build has changed or not; in a pause, too. */
    public CompletableFuture<SwapOutcome> swap() {
        return ask(steering::swap);
    }

    /** Has a former build serve again, and begins a pause. */
    public CompletableFuture<SwapOutcome> rollback(int back) {
        return ask(outcome -> steering.rollback(back, outcome));
    }

    private CompletableFuture<SwapOutcome> ask(Consumer<CompletableFuture<SwapOutcome>> action) {
        CompletableFuture<SwapOutcome> outcome = new CompletableFuture<>();
        changeCount.seen();
        thread.post(
                () -> changeCount.handle(() -> action.accept(outcome)), () -> outcome.complete(SwapOutcome.stopped()));
        return outcome;
    }

    private void changed(Path path) {
        changeCount.seen();
        thread.post(() -> changeCount.handle(() -> steering.changed(path)));
    }

    /** Notes changes from now on, and acts upon none. */
    public void pause() {
        thread.post(steering::pause);
    }

    /** Acts upon what has changed in the pause, and takes {@link #withdraw} back. Completes with whether a swap follows. */
    public CompletableFuture<Boolean> resume() {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        thread.post(() -> steering.resume(outcome), () -> outcome.complete(false));
        return outcome;
    }

    /** Tells clients to leave, until {@link #resume}. */
    public void withdraw() {
        thread.post(withdrawal::begin);
    }

    /** Returns whether changes are noted only. From any thread. */
    public boolean isPaused() {
        return state().paused();
    }

    /** Returns whether something has changed in the pause, so that a swap follows it. From any thread. */
    public boolean hasNoted() {
        SwapState now = state();
        return now.paused() && now.hasNoted();
    }

    /** Returns whether the supervisor is withdrawn. From any thread. */
    public boolean isWithdrawn() {
        return withdrawal.isWithdrawn();
    }

    /** Returns whether clients are told that, by their connections. From any thread. */
    public boolean tellsClients() {
        return withdrawal.tellsClients();
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
        if (isPaused()) {
            return; // a change would not keep the request from its answer
        }
        watcher.catchUp();
        changeCount.awaitHandled(() -> isHolding.getAsBoolean() || thread.isStopped());
    }

    /** Completes when the loop has done all that it had to do before. */
    public CompletableFuture<@Nullable Void> respond() {
        return thread.respond();
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
        thread.post(withdrawal::stop);
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
        return CompletableFuture.supplyAsync(backend::leaveProcess, thread);
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
        thread.stop(() -> clear(how)); // waits, or the tasks that it cancels would outlive the thread
        buildThread.awaitEnd();
        SupervisorThreads.run(factory::close);
        SupervisorThreads.run(keptBuilds::close);
        thread.end();
        drains.awaitAll();
    }

    private void clear(Runnable how) {
        patience.end();
        retry.cancel();
        ports.cancel();
        bringBack.stop();
        outcomes.stop();
        watcher.close();
        how.run();
    }

    private final class World implements SwapActions.World {

        @Override
        public void perform(Action action) {
            switch (action) {
                case HOLD -> backend.hold();
                case WORK -> {
                    changes.report();
                    work();
                }
                case LEAVE -> backend.leave();
                case INSTALL -> backend.install();
                case OPEN -> {
                    served = backend.open().or(() -> served);
                    thread.post(SwapLoop.this::closePorts);
                }
                case INSTALL_FAILURE -> backend.installFailure();
                case REPORT_FAILURE -> failures.failed(state());
                case REPORT_OUTDATED_FAILURE -> failures.failedOutdated(state());
                case AWAIT -> await();
                case RETRY_LATER -> retry.start(PAUSE, () -> steps.apply(state().pauseOver()));
            }
        }

        @Override
        public void performed() {
            backend.drainFormer();
            bringBack.watch();
            served.ifPresent(now -> wanted.served(now, bringBack.insteadOf()));
            served = Optional.empty();
            outcomes.endStep(state().activity(), backend.serving());
        }

        @Override
        public boolean isWorking() {
            return working;
        }

        @Override
        public void later(Runnable action) {
            var unused = thread.after(PAUSE, action);
        }

        @Override
        public void failed(String what, Throwable why) {
            LOG.error("a step of the swap has failed, and is tried again: {}", what, why);
        }
    }

    // Making a generation

    private void work() {
        patience.end();
        history.began();
        boolean again = state().retry() != SwapState.Retry.NONE;
        boolean formerAlive = options.swap() != SupervisorOptions.Swap.RECREATE
                && !backend.lastEnded().isDone();
        BuildTurn turn = wanted.turn(
                () -> state().changes(),
                () -> state().wanted(),
                backend.snapshot(),
                backend::isLive,
                again,
                formerAlive);
        turns.begin(turn);
        buildThread.begin(turn::run, outcome -> thread.execute(() -> finished(outcome, turn)));
        working = true;
    }

    private void finished(Outcome outcome, BuildTurn turn) {
        working = false;
        if (thread.isStopped()) {
            if (outcome instanceof GenerationFactory.Started started) {
                var unused = generationEnd.end(started.generation());
            }
            return;
        }
        SupervisorThreads.run(() -> decide(unlessGivenUp(outcome, turn), turn));
        if (state().activity() == SwapState.Activity.WORKING && !working) { // the decision or one of its actions failed
            world.later(() -> steps.apply(state().again(working)));
        }
        SupervisorThreads.run(this::watch);
    }

    /** A generation whose start had ended when its turn was given up is ended, and never serves. */
    private Outcome unlessGivenUp(Outcome outcome, BuildTurn turn) {
        if (turn.isGivenUp() && outcome instanceof GenerationFactory.Started started) {
            var unused = generationEnd.end(started.generation());
            return new GenerationFactory.Outdated();
        }
        return outcome;
    }

    private void decide(Outcome outcome, BuildTurn turn) {
        long upTo = turn.upTo();
        boolean outdated = state().wanted() > upTo;
        if (outcome instanceof GenerationFactory.Started started) {
            backend.next(started);
            wanted.started(turn);
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
                wanted.unchanged();
            }
            steps.apply(state().unchanged(upTo));
        } else if (outcome instanceof GenerationFactory.NotReady notReady) {
            failures.problem(notReady.problem());
            turn.isInVain();
            patience.missing(notReady.missing(), backend.hasServed());
            history.leave();
            steps.apply(state().notReady(upTo));
            forgetQuietly();
        } else if (outcome instanceof GenerationFactory.Lacking lacking) {
            failures.problem(lacking.problem());
            turn.isInVain();
            patience.lacking(PAUSE);
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
            wanted.newest();
        }
        changes.ended(outdated);
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
            bringBack.served(serving);
        }
        events.accept(event);
    }

    private void failed(GenerationFactory.Failed failed, BuildTurn turn) {
        boolean asBefore = turn.isAgain() && failures.isShown(failed.problem());
        failures.problem(failed.problem());
        failures.during(
                asBefore ? FailureReports.Cause.ATTEMPT_AS_BEFORE : FailureReports.Cause.ATTEMPT,
                () -> steps.apply(state().failed(turn.upTo(), turn.isFormerAlive() && failed.inStart())));
        if (state().retry() == SwapState.Retry.AFTER_FORMER) {
            var unused = backend.lastEnded().thenRun(() -> thread.post(this::formerEnded));
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

    private void await() {
        boolean begins = patience.begin(() -> steps.apply(state().patienceOver()));
        if (begins && state().retry() == SwapState.Retry.NONE) {
            events.accept(new Event.Awaiting(backend.problem()));
        }
    }

    private void closePorts() {
        if (backend.closePorts(options.timeouts().hold())) {
            ports.start(PAUSE, this::closePorts);
        }
    }

    private void exited(int generation, Problem why) {
        if (backend.isLive(generation) && bringBack.insteadOf(why)) {
            LOG.debug("generation {} has exited, and the one before is still there", generation);
        } else if (backend.isLive(generation)) {
            failures.problem(why);
            failures.during(FailureReports.Cause.EXIT, () -> steps.apply(state().exited()));
        } else {
            LOG.warn("generation {}, which does not serve: {}", generation, PlainText.chain(why)); // yet, or any more
        }
    }

    /** What applications do, by their own threads. */
    private final class ToLoop implements Generation.Observer {

        @Override
        public void serving(Server server) {
            thread.post(() -> backend.serving(server));
        }

        @Override
        public ChangeBarrier barrier() {
            return barrier;
        }

        @Override
        public void exited(int generation, Problem why) {
            thread.post(() -> SwapLoop.this.exited(generation, why));
        }
    }
}
