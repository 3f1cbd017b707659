package dev.supervisor;

import dev.supervisor.failure.Details;
import dev.supervisor.failure.Failure;
import dev.supervisor.failure.FailureServer;
import dev.supervisor.failure.Problem;
import dev.supervisor.generation.Generation;
import dev.supervisor.generation.Snapshot;
import dev.supervisor.socket.Gate.Held;
import dev.supervisor.socket.Listener;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who follows whom on the {@link Stage}: generations, and the failure page. Belongs to the thread of the
 * {@link SwapLoop}.
 */
final class Succession {

    private final Stage stage;
    private final List<Listener> listeners;
    private final Details details;
    private final Population population;
    private final Endings endings;
    private final Consumer<Event> events;

    private @Nullable Generation live;
    private @Nullable FailureServer failurePage;

    /** A generation that has started, but to which nothing has been given yet: what to say when it is. */
    private BuildJob.@Nullable Started unopened;

    /** Read by the failure page, on its event loop. */
    private volatile Problem problem = Problem.of("the application has not started yet");

    private volatile Optional<Instant> lastGoodBuild = Optional.empty();

    Succession(
            Stage stage,
            List<Listener> listeners,
            Details details,
            Population population,
            Endings endings,
            Consumer<Event> events) {
        this.stage = stage;
        this.listeners = listeners;
        this.details = details;
        this.population = population;
        this.endings = endings;
        this.events = events;
    }

    /** The build of which the live generation is. */
    Optional<Snapshot> snapshot() {
        return Optional.ofNullable(live).map(Generation::snapshot);
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
            failurePage.failureChanged();
        }
    }

    /** This one is the next to be installed, instead of one that was to be. */
    void next(BuildJob.Started started) {
        sayOutdated();
        unopened = started;
    }

    /** The next generation takes the place of who is live, behind gates that are shut or open to the former one. */
    void install() {
        Generation next = Objects.requireNonNull(unopened).generation();
        stage.enter(new Stage.Occupant("generation-" + next.number(), next.connections(), endings.after(next)));
        live = next;
        failurePage = null;
    }

    /** Opens the gates to who is live. */
    void open() {
        Instant since = Instant.now();
        Held held = stage.open();
        BuildJob.Started now = unopened;
        if (now == null) {
            return;
        }
        unopened = null;
        lastGoodBuild = Optional.of(since);
        Generation generation = now.generation();
        population.serving(generation.number());
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
            FailureServer page = FailureServer.start(listeners, () -> new Failure(problem, lastGoodBuild), details);
            stage.enter(new Stage.Occupant("failure-page", page.connections(), (after, ledger) -> page.close()));
            failurePage = page;
            live = null;
        }
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
        }
    }
}
