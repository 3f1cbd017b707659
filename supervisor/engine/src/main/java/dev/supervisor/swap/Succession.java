package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.Problem;
import dev.supervisor.failure.Failure;
import dev.supervisor.failure.FailureDetails;
import dev.supervisor.failure.FailureLoop;
import dev.supervisor.failure.FailureServer;
import dev.supervisor.generation.Generation;
import dev.supervisor.generation.Snapshot;
import dev.supervisor.Held;
import dev.supervisor.socket.ListeningSocket;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who follows whom on the {@link Stage}: generations, and the failure page. Belongs to the thread of the
 * {@link SwapLoop}.
 */
final class Succession {

    private final Stage stage;
    private final FailureLoop failureLoop;
    private final List<ListeningSocket> listeners;
    private final FailureDetails details;
    private final GenerationRegistry registry;
    private final GenerationEnd generationEnd;
    private final Consumer<Event> events;

    private @Nullable Generation live;
    private @Nullable FailurePage failurePage;

    private record FailurePage(FailureServer server, Stage.Occupant occupant) {}

    /** Completes when the generation that was live last, or is, has ended. */
    private CompletableFuture<@Nullable Void> lastEnded = CompletableFuture.completedFuture(null);

    /** A generation that has started, but to which nothing has been given yet: what to say when it is. */
    private GenerationFactory.@Nullable Started unopened;

    /** The same, as it enters the stage; kept for another attempt, and no longer than that: it would keep it alive. */
    private Stage.@Nullable Occupant entering;

    /** Read by the failure page, on its event loop. */
    private volatile Problem problem = Problem.of("the application has not started yet");

    private volatile Optional<Instant> lastGoodBuild = Optional.empty();

    Succession(
            Stage stage,
            FailureLoop failureLoop,
            List<ListeningSocket> listeners,
            FailureDetails details,
            GenerationRegistry registry,
            GenerationEnd generationEnd,
            Consumer<Event> events) {
        this.stage = stage;
        this.failureLoop = failureLoop;
        this.listeners = listeners;
        this.details = details;
        this.registry = registry;
        this.generationEnd = generationEnd;
        this.events = events;
    }

    /** The build of which the live generation is. */
    Optional<Snapshot> snapshot() {
        return Optional.ofNullable(live).map(Generation::snapshot);
    }

    /** Whether there has been a build that came up. */
    boolean hasServed() {
        return lastGoodBuild.isPresent();
    }

    boolean isLive(int generation) {
        return live != null && live.number() == generation;
    }

    /** What the failure page shows. */
    Problem problem() {
        return problem;
    }

    void problem(Problem next) {
        problem = next;
        if (failurePage != null) {
            failurePage.server().failureChanged();
        }
    }

    /** This one is the next to be installed, instead of one that was to be. */
    void next(GenerationFactory.Started started) {
        sayOutdated();
        unopened = started;
    }

    /**
     * The next generation, if there is one, takes the place of who is live, behind gates that are shut or open to the former
     * one.
     */
    void install() {
        if (unopened == null || unopened.generation() == live) {
            return;
        }
        Generation next = unopened.generation();
        if (entering == null) {
            entering = occupantOf(next);
        }
        stage.enter(entering);
        live = next;
        failurePage = null;
    }

    private Stage.Occupant occupantOf(Generation next) {
        CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        Stage.Occupant occupant =
                new Stage.Occupant(nameOf(next), next.connections(), generationEnd.after(next, () -> ended.complete(null)));
        lastEnded = ended;
        return occupant;
    }

    private static String nameOf(Generation generation) {
        return "generation-" + generation.number();
    }

    /** Nobody is live any more: the generation that was begins to drain. */
    void leave() {
        stage.leave();
        live = null;
        failurePage = null;
    }

    /** Completes, on whatever thread, when the generation that was live last, or is, has ended. */
    CompletableFuture<@Nullable Void> lastEnded() {
        return lastEnded;
    }

    /** Opens the gates to who is live. */
    void open() {
        Instant since = Instant.now();
        Held held = stage.open();
        GenerationFactory.Started now = unopened;
        if (now == null || now.generation() != live) {
            return;
        }
        unopened = null;
        entering = null;
        lastGoodBuild = Optional.of(since);
        Generation generation = now.generation();
        registry.serving(generation.number());
        events.accept(new Event.Serving(
                generation.number(), generation.snapshot().build().name(), now.loaded(), now.started(), since, held));
        stage.notServed()
                .forEach(listener -> events.accept(
                        new Event.NotServed(generation.number(), listener.spec().name())));
    }

    /** The failure page takes the place of who is live. */
    void installFailure() {
        sayOutdated();
        if (failurePage == null) {
            failurePage = startFailurePage();
        }
        stage.enter(failurePage.occupant());
        live = null;
    }

    private FailurePage startFailurePage() {
        FailureServer server =
                FailureServer.start(failureLoop, listeners, () -> new Failure(problem, lastGoodBuild), details);
        return new FailurePage(
                server, new Stage.Occupant("failure-page", server.connections(), (after, ledger) -> server.close()));
    }

    void sayUnchanged() {
        if (live != null && unopened == null) {
            events.accept(new Event.Unchanged(live.number()));
        }
    }

    private void sayOutdated() {
        if (unopened != null) {
            events.accept(new Event.Outdated(unopened.generation().number()));
            unopened = null;
            entering = null;
        }
    }
}
