package dev.supervisor;

import dev.supervisor.BuildJob.Outcome;
import dev.supervisor.SwapState.Action;
import dev.supervisor.SwapState.Step;
import dev.supervisor.change.Watcher;
import dev.supervisor.failure.Editor;
import dev.supervisor.failure.Failure;
import dev.supervisor.failure.FailureServer;
import dev.supervisor.failure.Problem;
import dev.supervisor.generation.Generation;
import dev.supervisor.generation.Snapshot;
import dev.supervisor.socket.Gate.Held;
import dev.supervisor.socket.Ledger;
import dev.supervisor.socket.Listener;
import dev.supervisor.socket.SupervisedServerChannel;
import dev.supervisor.unload.Metaspace;
import dev.supervisor.unload.Unload;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop that swaps. Its own thread decides, by {@link SwapState}, and does what is decided; another makes the
 * generations. One swap at a time. Methods may be called from any thread; all state belongs to the loop's.
 */
final class SwapLoop {

    private static final Logger LOG = LoggerFactory.getLogger(SwapLoop.class);

    /** How long a file may stay incomplete before that is reported. */
    private static final Duration PATIENCE_WITH_INCOMPLETE = Duration.ofSeconds(1);

    /** How often to look for requests that have waited for too long; otherwise a tenth of what they may. */
    private static final Duration MINIMAL_TURN = Duration.ofMillis(20);

    private final SupervisorOptions options;
    private final List<Listener> listeners;
    private final Population population;
    private final Unload unload;
    private final Consumer<Event> events;
    private final Stage stage;
    private final BuildJob job;
    private final Watcher watcher;
    private final ScheduledExecutorService loop =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "supervisor"));
    private final ExecutorService builder = Executors.newSingleThreadExecutor(task -> daemon(task, "supervisor-build"));

    /** Made in advance, since that needs memory. */
    private final Outcome noMemory =
            new BuildJob.Failed(Problem.of("can't make a generation (see the log; is there too little memory?)"));

    /** Belongs to the builder's thread. */
    private final Metaspace metaspace = new Metaspace();

    private SwapState state;
    private boolean inAnyCase;
    private @Nullable Generation live;
    private @Nullable FailureServer failurePage;

    /** A generation that has started, but to which nothing has been given yet: what to say when it is. */
    private BuildJob.@Nullable Started unopened;

    private Duration patienceLasts = PATIENCE_WITH_INCOMPLETE;
    private @Nullable ScheduledFuture<?> patience;
    private volatile boolean stopped;

    /** Read by the failure page, on its event loop. */
    private volatile Problem problem = Problem.of("the application has not started yet");

    private volatile Optional<Instant> lastGoodBuild = Optional.empty();

    /** What a swap works with; each is told whom to report to. */
    interface Parts {
        BuildJob job(Generation.Observer observer, Consumer<Generation> end);

        Watcher watcher(Watcher.Observer observer);
    }

    SwapLoop(
            SupervisorOptions options,
            List<Listener> listeners,
            Population population,
            Unload unload,
            Consumer<Event> events,
            Parts parts) {
        this.options = options;
        this.listeners = listeners;
        this.population = population;
        this.unload = unload;
        this.events = events;
        this.stage = new Stage(listeners, options.drainTimeout(), options.holdTimeout());
        this.state = SwapState.initial(options.swap() == SupervisorOptions.Swap.HOLD);
        this.job = parts.job(new ToLoop(), this::end);
        this.watcher = parts.watcher(path -> changed(path, false));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Watches the build and makes the first generation of it. */
    void start() {
        long turn = Math.max(MINIMAL_TURN.toNanos(), options.holdTimeout().toNanos() / 10);
        var unused = loop.scheduleWithFixedDelay(
                () -> post(() -> stage.expireWaiting(options.holdTimeout())), turn, turn, TimeUnit.NANOSECONDS);
        post(() -> {
            guarded(this::watch);
            apply(state.changed());
        });
    }

    /** Makes a new generation, whether the build has changed or not. */
    void swap() {
        changed(options.app(), true);
    }

    private void changed(Path path, boolean forced) {
        post(() -> {
            inAnyCase |= forced;
            job.changed(path); // here, since a build that is outdated by it must find it counted
            boolean first = state.activity() == SwapState.Activity.IDLE;
            apply(state.changed());
            if (first) { // told only now, when it is true that new work waits
                events.accept(new Event.Changed(path));
            }
        });
    }

    /** Ends who is live, and waits until all are gone; their gates must have been closed. */
    void stop() {
        builder.shutdownNow();
        CompletableFuture.runAsync(() -> guarded(this::clear), loop)
                .join(); // or what it cancels would outlive the loop's shutdown
        awaitTermination(builder); // may still end a generation that it was making
        loop.shutdown();
        awaitTermination(loop);
        stage.awaitRetired();
    }

    private void clear() {
        stopped = true;
        cancelPatience();
        watcher.close();
        stage.clear();
    }

    private static void awaitTermination(ExecutorService executor) {
        try {
            if (!executor.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("a thread of the supervisor does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(Runnable action) {
        try {
            loop.execute(() -> {
                if (!stopped) {
                    guarded(action);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("too late: the supervisor has stopped", e);
        }
    }

    private static void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) { // our bug; the loop must live on
            LOG.error("in the swap loop", e);
        }
    }

    private void apply(Step step) {
        state = step.state();
        step.actions().forEach(this::perform);
        stage.retireLeft();
    }

    private void perform(Action action) {
        switch (action) {
            case HOLD -> stage.hold();
            case WORK -> work();
            case INSTALL -> install();
            case OPEN -> open();
            case INSTALL_FAILURE -> installFailure();
            case REPORT_FAILURE -> reportFailure();
            case AWAIT -> await();
        }
    }

    // Making a generation

    private void work() {
        cancelPatience();
        Optional<Snapshot> notAgain =
                inAnyCase ? Optional.empty() : Optional.ofNullable(live).map(Generation::snapshot);
        inAnyCase = false;
        long upTo = state.changes();
        try {
            builder.execute(() -> {
                Outcome outcome = outcomeOf(notAgain);
                loop.execute(() -> finished(outcome, upTo));
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("too late: the supervisor is stopping", e);
        }
    }

    /** Whatever goes wrong, even for want of memory: the loop must hear of an outcome. */
    private Outcome outcomeOf(Optional<Snapshot> notAgain) {
        try {
            lookAtMetaspace();
            return job.run(notAgain);
        } catch (Throwable e) {
            guarded(() -> LOG.error("can't make a generation", e));
            return noMemory;
        }
    }

    private void lookAtMetaspace() {
        guarded(() -> metaspace
                .look()
                .ifPresent(low -> events.accept(
                        new Event.MetaspaceLow(low.pool(), low.used(), low.max(), population.describe()))));
    }

    private void finished(Outcome outcome, long upTo) {
        if (stopped) {
            if (outcome instanceof BuildJob.Started started) {
                end(started.generation());
            }
            return;
        }
        guarded(() -> decide(outcome, upTo));
    }

    private void decide(Outcome outcome, long upTo) {
        if (outcome instanceof BuildJob.Started started) {
            sayOutdated();
            unopened = started;
            apply(state.started(upTo));
        } else if (outcome instanceof BuildJob.Unchanged) {
            sayUnchanged();
            apply(state.unchanged(upTo));
        } else if (outcome instanceof BuildJob.NotReady notReady) {
            problem = notReady.problem();
            patienceLasts = patienceWith(notReady);
            apply(state.notReady(upTo));
        } else if (outcome instanceof BuildJob.Outdated) {
            apply(state.notReady(upTo));
        } else if (outcome instanceof BuildJob.Failed failed) {
            problem = failed.problem();
            apply(state.failed(upTo));
        }
        watch();
    }

    /** Watches all that mattered for the build; some of it may have changed before anybody watched. */
    private void watch() {
        if (options.buildTool().isPresent()) {
            return; // the sources are watched, and the end of the build tells of its outcome
        }
        List<Path> targets = new ArrayList<>(options.libraries());
        targets.add(options.app());
        targets.addAll(job.sources());
        watcher.watch(targets);
        if (state.activity() != SwapState.Activity.WORKING) {
            job.changedSource().ifPresent(source -> changed(source, false));
        }
    }

    /** What was deleted is about to be made again, mostly; at the very start there is no reason to think so. */
    private Duration patienceWith(BuildJob.NotReady notReady) {
        if (!notReady.missing()) {
            return PATIENCE_WITH_INCOMPLETE;
        }
        return state.live() == SwapState.Live.NOTHING ? Duration.ZERO : options.holdTimeout();
    }

    private void await() {
        if (!patienceLasts.isZero()) {
            events.accept(new Event.Awaiting(problem));
        }
        patience = loop.schedule(
                () -> post(() -> apply(state.patienceOver())), patienceLasts.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void cancelPatience() {
        if (patience != null) {
            patience.cancel(false);
            patience = null;
        }
    }

    // Who is live

    private void install() {
        Generation next = Objects.requireNonNull(unopened).generation();
        stage.enter(new Stage.Occupant("generation-" + next.number(), next.connections(), new End(next)));
        live = next;
        failurePage = null;
    }

    private void open() {
        Held held = stage.open();
        BuildJob.Started now = unopened;
        if (now == null) {
            return;
        }
        unopened = null;
        Generation generation = now.generation();
        population.serving(generation.number());
        lastGoodBuild = Optional.of(Instant.now());
        events.accept(new Event.Serving(
                generation.number(), generation.snapshot().build().name(), now.loaded(), now.started(), held));
        stage.notServed()
                .forEach(listener -> events.accept(
                        new Event.NotServed(generation.number(), listener.spec().name())));
    }

    private void installFailure() {
        sayOutdated();
        if (failurePage == null) {
            FailureServer page = FailureServer.start(
                    listeners,
                    () -> new Failure(problem, lastGoodBuild),
                    options.editor().map(Editor::command));
            stage.enter(new Stage.Occupant("failure-page", page.connections(), (after, ledger) -> page.close()));
            failurePage = page;
            live = null;
        }
    }

    private void exited(int generation, Problem why) {
        if (live != null && live.number() == generation) {
            problem = why;
            apply(state.exited());
        } else {
            LOG.warn("generation {}, which does not serve: {}", generation, why.chain());
        }
    }

    private void reportFailure() {
        events.accept(new Event.Failed(problem, state.live() == SwapState.Live.APPLICATION));
    }

    private void sayUnchanged() {
        if (live != null && unopened == null) {
            events.accept(new Event.Unchanged(live.number()));
        }
    }

    private void sayOutdated() {
        if (unopened != null) {
            events.accept(new Event.Outdated(unopened.generation().number()));
            unopened = null;
        }
    }

    private void end(Generation generation) {
        end(generation, () -> {});
    }

    /** Ends a generation that has no connections any more; then says so. Blocks. */
    private void end(Generation generation, Runnable ended) {
        List<String> left = generation.end();
        ended.run();
        population.ended(generation.number());
        if (!left.isEmpty()) {
            events.accept(new Event.LeftBehind(generation.number(), left));
        }
        unload.watch(generation.number(), generation.owner());
    }

    /** What applications do, by their own threads. */
    private final class ToLoop implements Generation.Observer {

        @Override
        public void serving(SupervisedServerChannel server) {
            post(() -> stage.serving(server));
        }

        @Override
        public void exited(int generation, Problem why) {
            post(() -> SwapLoop.this.exited(generation, why));
        }
    }

    /** On the thread of the generation's end. */
    private final class End implements Retirement.Observer {

        private final Generation generation;

        End(Generation generation) {
            this.generation = generation;
        }

        @Override
        public void begun() {
            population.leaving(generation.number());
        }

        @Override
        public void draining(int connections) {
            events.accept(new Event.Draining(generation.number(), connections, options.drainTimeout()));
        }

        @Override
        public void timedOut(int connections) {
            events.accept(new Event.DrainTimedOut(generation.number(), connections, options.drainTimeout()));
        }

        @Override
        public void drained(Duration after, Ledger ledger) {
            end(generation, () -> events.accept(new Event.Ended(generation.number(), after, ledger)));
        }
    }
}
