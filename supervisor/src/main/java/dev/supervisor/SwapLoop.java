package dev.supervisor;

import dev.supervisor.BuildJob.Outcome;
import dev.supervisor.SwapState.Action;
import dev.supervisor.SwapState.Step;
import dev.supervisor.change.Watcher;
import dev.supervisor.failure.Details;
import dev.supervisor.failure.Editor;
import dev.supervisor.failure.Problem;
import dev.supervisor.generation.Generation;
import dev.supervisor.generation.Snapshot;
import dev.supervisor.socket.Listener;
import dev.supervisor.socket.SupervisedServerChannel;
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

    private final SupervisorOptions options;
    private final Consumer<Event> events;
    private final Stage stage;
    private final Succession succession;
    private final Endings endings;
    private final BuildJob job;
    private final Making making;
    private final Watcher watcher;
    private final Restlessness restlessness;
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "supervisor");
        thread.setDaemon(true);
        return thread;
    });

    private SwapState state;

    /** Of the state; read by the thread that builds. Set after the builder has been told of the change. */
    private volatile long changes;

    /** A new generation is wanted, changed or not. Taken back by the thread that builds. */
    private final AtomicBoolean inAnyCase = new AtomicBoolean();

    private Duration patienceLasts = PATIENCE_WITH_INCOMPLETE;
    private @Nullable ScheduledFuture<?> patience;
    private volatile boolean stopped;

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
        this.events = events;
        this.stage = new Stage(listeners, options.drainTimeout(), options.holdTimeout());
        this.state = SwapState.initial(options.swap() == SupervisorOptions.Swap.HOLD);
        this.endings = new Endings(population, unload, options.drainTimeout(), events);
        this.succession = new Succession(
                stage,
                listeners,
                new Details(options.details(), options.editor().map(Editor::command)),
                population,
                endings,
                events);
        this.job = parts.job(new ToLoop(), endings::end);
        this.making = new Making(
                job,
                low -> events.accept(new Event.MetaspaceLow(low.pool(), low.used(), low.max(), population.describe())));
        this.restlessness = options.buildTool()
                .map(tool -> new Restlessness(tool::watchesByName, events))
                .orElseGet(() -> new Restlessness(path -> false, event -> {}));
        this.watcher = parts.watcher(path -> changed(path, false));
    }

    /** Watches the build and makes the first generation of it. */
    void start() {
        post(() -> {
            Guarded.run(this::watch);
            apply(state.changed());
        });
    }

    /** Makes a new generation, whether the build has changed or not. */
    void swap() {
        changed(options.app(), true);
    }

    private void changed(Path path, boolean forced) {
        post(() -> {
            if (forced) {
                inAnyCase.set(true);
            }
            job.changed(path); // here, since a build that is outdated by it must find it counted
            restlessness.changed(path);
            boolean first = state.activity() == SwapState.Activity.IDLE;
            apply(state.changed());
            if (first) { // told only now, when it is true that new work waits
                events.accept(forced ? new Event.SwapAsked() : new Event.Changed(path));
            }
        });
    }

    /** Ends a build that is running, and begins none any more; without waiting. */
    void killBuild() {
        job.kill();
    }

    /** Ends who is live, and waits until all are gone; their gates must have been closed. */
    void stop() {
        making.stop();
        CompletableFuture.runAsync(() -> Guarded.run(this::clear), loop)
                .join(); // or what it cancels would outlive the loop's shutdown
        making.awaitEnd();
        loop.shutdown();
        Guarded.awaitTermination(loop);
        stage.awaitRetired();
    }

    private void clear() {
        stopped = true;
        cancelPatience();
        watcher.close();
        stage.clear();
    }

    private void post(Runnable action) {
        try {
            loop.execute(() -> {
                if (!stopped) {
                    Guarded.run(action);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("too late: the supervisor has stopped", e);
        }
    }

    private void apply(Step step) {
        state = step.state();
        changes = state.changes();
        step.actions().forEach(this::perform);
        stage.retireLeft();
    }

    private void perform(Action action) {
        switch (action) {
            case HOLD -> stage.hold();
            case WORK -> work();
            case INSTALL -> succession.install();
            case OPEN -> succession.open();
            case INSTALL_FAILURE -> succession.installFailure();
            case REPORT_FAILURE -> report(live() ? Event.Failed.Next.OLD_SERVES : Event.Failed.Next.WAITING);
            case REPORT_OUTDATED_FAILURE -> report(Event.Failed.Next.SUPERSEDED);
            case AWAIT -> await();
        }
    }

    // Making a generation

    private void work() {
        cancelPatience();
        Turn turn = new Turn(succession.snapshot());
        making.begin(turn::fix, outcome -> loop.execute(() -> finished(outcome, turn)));
    }

    /** The making of one generation. It is fixed by the thread that builds. */
    private final class Turn {

        private final Optional<Snapshot> live;
        private volatile long upTo = changes;
        private volatile boolean forced;

        Turn(Optional<Snapshot> live) {
            this.live = live;
        }

        /** What not to make again. */
        Optional<Snapshot> fix() {
            upTo = changes;
            forced = inAnyCase.getAndSet(false);
            return forced ? Optional.empty() : live;
        }

        /** It has made nothing, and the next one follows. */
        void isInVain() {
            if (forced) {
                inAnyCase.set(true);
            }
        }
    }

    private void finished(Outcome outcome, Turn turn) {
        if (stopped) {
            if (outcome instanceof BuildJob.Started started) {
                endings.end(started.generation());
            }
            return;
        }
        Guarded.run(() -> decide(outcome, turn));
    }

    private void decide(Outcome outcome, Turn turn) {
        long upTo = turn.upTo;
        boolean outdated = state.changes() > upTo;
        if (outcome instanceof BuildJob.Started started) {
            succession.next(started);
            apply(state.started(upTo));
        } else if (outcome instanceof BuildJob.Unchanged) {
            succession.sayUnchanged();
            apply(state.unchanged(upTo));
        } else if (outcome instanceof BuildJob.NotReady notReady) {
            succession.problem(notReady.problem());
            turn.isInVain();
            patienceLasts = patienceWith(notReady);
            apply(state.notReady(upTo));
        } else if (outcome instanceof BuildJob.Outdated) {
            turn.isInVain();
            apply(state.notReady(upTo));
        } else if (outcome instanceof BuildJob.Failed failed) {
            succession.problem(failed.problem());
            if (outdated) {
                turn.isInVain();
            }
            apply(state.failed(upTo));
        }
        restlessness.ended(outdated);
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
            events.accept(new Event.Awaiting(succession.problem()));
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

    private void exited(int generation, Problem why) {
        if (succession.isLive(generation)) {
            succession.problem(why);
            apply(state.exited());
        } else {
            LOG.warn("generation {}, which does not serve: {}", generation, why.chain());
        }
    }

    private boolean live() {
        return state.live() == SwapState.Live.APPLICATION;
    }

    private void report(Event.Failed.Next next) {
        events.accept(new Event.Failed(succession.problem(), next));
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
}
