package dev.supervisor.swap;

import dev.supervisor.Checks;
import dev.supervisor.Event;
import dev.supervisor.Held;
import dev.supervisor.Problem;
import dev.supervisor.failure.FailureServer;
import dev.supervisor.generation.Generation;
import dev.supervisor.generation.Snapshot;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.Receiver;
import dev.supervisor.socket.Server;
import dev.supervisor.socket.Sockets;
import dev.supervisor.socket.netty.Connections;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The backend that is live on the listeners, and its replacement by the next: a generation, the failure page, or none.
 * Belongs to the thread of the {@link SwapLoop}.
 */
final class LiveBackend {

    private final Sockets sockets;
    private final FailureBackend failure;
    private final HoldTimeoutPage holdTimeoutPage;
    private final GenerationRegistry registry;
    private final GenerationEnd generationEnd;
    private final DrainThreads drains;
    private final Duration drainTimeout;
    private final Consumer<Event> events;
    private final ServingEvents servingEvents;
    private final UnusedPorts unusedPorts;
    private final FormerGeneration formerGeneration;

    private @Nullable Backend live;

    /** Whether the gates are open to the live backend. */
    private boolean open;

    /** Whether connections of what is or becomes live end with their next response. */
    private boolean endsWithResponses;

    /** Former backends, which begin to drain as soon as the gates are as they are to be. */
    private final List<Backend> former = new ArrayList<>();

    /** The connections of former backends on which a request waits. */
    private Held waiting = Held.NONE;

    /** A generation that has started and that no connection was given to yet. */
    private GenerationFactory.@Nullable Started next;

    /** The backend of {@code next}, kept for another attempt to install it, and no longer: it would keep its classes. */
    private @Nullable Backend entering;

    /** Completes when the generation that is live, or was live last, has ended. */
    private CompletableFuture<@Nullable Void> lastEnded = CompletableFuture.completedFuture(null);

    /**
     * @param failure serves the failure page while no build serves
     * @param holdTimeoutPage answers connections that have waited for too long
     * @param drainTimeout how long a former backend may take to finish the requests under way
     * @param errorLimit how many errors a generation may make before the former one comes back
     */
    LiveBackend(
            Sockets sockets,
            FailureBackend failure,
            HoldTimeoutPage holdTimeoutPage,
            GenerationRegistry registry,
            GenerationEnd generationEnd,
            DrainThreads drains,
            Duration drainTimeout,
            Optional<Checks.ErrorLimit> errorLimit,
            Consumer<Event> events) {
        this.sockets = sockets;
        this.failure = failure;
        this.holdTimeoutPage = holdTimeoutPage;
        this.registry = registry;
        this.generationEnd = generationEnd;
        this.drains = drains;
        this.drainTimeout = drainTimeout;
        this.events = events;
        this.servingEvents = new ServingEvents(sockets, events);
        this.unusedPorts = new UnusedPorts(sockets, events);
        this.formerGeneration = new FormerGeneration(errorLimit, drains, drainTimeout);
        sockets.listening().stream()
                .filter(listener -> listener.isHttp())
                .forEach(listener -> listener.gate().onExpired(() -> holdTimeoutPage.serverOf(listener)));
    }

    /** Returns the snapshot of the live generation; empty if the failure page is live, or nothing. */
    Optional<Snapshot> snapshot() {
        return generation().map(Generation::snapshot);
    }

    private Optional<Generation> generation() {
        return Optional.ofNullable(live).flatMap(Backend::generation);
    }

    /** Returns whether a program is live, whose connections the supervisor can't end by an answer. */
    boolean isProgram() {
        return generation().filter(Generation::isProgram).isPresent();
    }

    boolean isLive(int generation) {
        return live != null && live.isGeneration(generation);
    }

    /** Completes, on any thread, when the generation that is live, or was live last, has ended. */
    CompletableFuture<@Nullable Void> lastEnded() {
        return lastEnded;
    }

    // Gates

    /** Has new work wait: new connections at the gates, and new requests on established ones. */
    void hold() {
        open = false;
        sockets.allListening()
                .forEach(listener -> listener.gate().hold()); // first: connections that the backend lets go come there
        if (live != null) {
            live.connections().hold();
        }
    }

    /** A generation, and when it began to serve. */
    record Served(Generation generation, Instant since) {}

    /**
     * Opens the gates to the live backend. If that is a generation that was just installed, reports that it serves, and
     * returns it.
     */
    Optional<Served> open() {
        Instant since = Instant.now();
        Held held = openGates();
        GenerationFactory.Started opened = next;
        if (opened != null && isLive(opened.generation().number())) {
            next = null;
            entering = null;
            unusedPorts.served();
            failure.served(since);
            registry.serving(opened.generation().number());
            servingEvents.serves(opened, since, held);
            return Optional.of(new Served(opened.generation(), since));
        }
        return Optional.empty();
    }

    /** Returns the number of the generation that new work goes to, if there is one. */
    OptionalInt serving() {
        Optional<Generation> serving = open && next == null ? generation() : Optional.empty();
        return serving.isPresent() ? OptionalInt.of(serving.get().number()) : OptionalInt.empty();
    }

    /** Returns the work that had waited. */
    private Held openGates() {
        open = true;
        if (live == null) {
            return Held.NONE;
        }
        releaseExpired();
        Connections connections = live.connections();
        connections.opening();
        List<CompletableFuture<Held>> opened = new ArrayList<>();
        for (ListeningSocket listener : sockets.allListening()) {
            connections
                    .serverOf(listener)
                    .ifPresentOrElse(
                            server -> opened.add(listener.gate().open(server)),
                            () -> listener.gate().hold());
        }
        connections.resume();
        servingEvents.lost();
        Held held = opened.stream().map(CompletableFuture::join).reduce(waiting, Held::plus);
        releaseExpired(); // the last ones, which came before the gates were open
        waiting = Held.NONE;
        return held;
    }

    /** Has connections that the hold-timeout page has answered move on to the live backend. */
    private void releaseExpired() {
        holdTimeoutPage.release().ifPresent(server -> {
            server.connections().hold();
            former.add(backendOf(server));
        });
    }

    private static Backend backendOf(FailureServer expired) {
        return new Backend("expired", expired.connections(), Optional.empty(), (after, ledger) -> expired.close());
    }

    /** Opens the gate of a listener that the live application has begun to serve only after its start. */
    void serving(Server server) {
        if (open
                && live != null
                && live.connections().serverOf(server.listener()).orElse(null) == server) {
            var unused = server.listener().gate().open(server);
            releaseExpired();
            drainFormer();
        }
    }

    // Adopted ports

    /**
     * Closes the ports that generations before the live one have bound and that none has any more; a former one has them
     * until it has drained. Does nothing while no generation serves, since the next one may bind them.
     *
     * @param inMain how long a program may still bind ports while its main runs, after the ones that it serves by
     * @return whether some are left that the live generation may still bind, and are to be looked at later
     */
    boolean closePorts(Duration inMain) {
        Optional<Generation> serving = open ? generation() : Optional.empty();
        return serving.isPresent() && unusedPorts.close(serving.get(), inMain);
    }

    // Replacement

    /** Makes this generation the next to be installed, in place of one that was to be. */
    void next(GenerationFactory.Started started) {
        dropOutdated();
        next = started;
    }

    /**
     * Makes the next generation live, if there is one. The gates are not opened to it: they hold, or are open to the
     * previous backend, which accepts no new requests from now on.
     */
    void install() {
        if (next == null || isLive(next.generation().number())) {
            return;
        }
        if (entering == null) {
            formerGeneration.replaced(live, lastEnded, next.generation());
            entering = backendOf(next.generation());
        }
        enter(entering);
        failure.replaced();
    }

    private Backend backendOf(Generation generation) {
        CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        lastEnded = ended;
        return new Backend(
                "generation-" + generation.number(),
                generation.connections(),
                Optional.of(generation),
                generationEnd.after(generation, () -> ended.complete(null)));
    }

    /** Makes the failure page live. */
    void installFailure() {
        formerGeneration.end();
        dropOutdated();
        enter(failure.backend());
    }

    /** Makes nothing live; work that has waited goes on to wait. */
    void leave() {
        formerGeneration.end();
        replaceBy(null);
        failure.replaced();
    }

    /** The former backend drains from {@link #drainFormer} on, so that its idle connections find the gates open. */
    private void enter(Backend backend) {
        if (live != backend) { // otherwise an earlier attempt has failed after this
            hold();
            backend.connections().reinstate();
            replaceBy(backend);
        }
    }

    /** If this fails half way, the previous backend is among the former ones nevertheless. */
    private void replaceBy(@Nullable Backend backend) {
        Backend previous = live;
        if (previous != null) {
            former.add(previous);
        }
        live = backend;
        if (backend != null) { // which may have served before, and was told otherwise then
            backend.connections().endWithResponses(endsWithResponses);
        }
        if (previous != null) {
            previous.connections().hold();
            waiting = waiting.plus(previous.connections().held());
        }
    }

    /**
     * Reports that the live generation goes on, unless another one is to be installed.
     *
     * @return whether none is
     */
    boolean reportUnchanged() {
        if (next == null) {
            generation().ifPresent(generation -> events.accept(new Event.Unchanged(generation.number())));
        }
        return next == null;
    }

    private void dropOutdated() {
        if (next != null) {
            events.accept(new Event.Outdated(next.generation().number()));
            next = null;
            entering = null;
        }
    }

    // Errors of the live generation

    /** Returns whether the former generation is kept because errors of the live one may bring it back. */
    boolean keepsFormer() {
        return formerGeneration.isKept();
    }

    /** Returns why the former generation is to come back; empty if it is not. */
    Optional<Problem> tooManyErrors() {
        return generation().flatMap(formerGeneration::tooManyErrors);
    }

    /** Makes the generation that is kept the next to be installed. Returns the number of the live one; empty if it can't serve any more. */
    OptionalInt bringBack() {
        Optional<Generation> failed = generation();
        if (next != null || failed.isEmpty()) {
            return OptionalInt.empty();
        }
        Optional<FormerGeneration.Replaced> back = formerGeneration.takeBack();
        if (back.isEmpty()) {
            return OptionalInt.empty();
        }
        next = new GenerationFactory.Started(back.get().generation(), Duration.ZERO, Duration.ZERO);
        entering = back.get().backend();
        lastEnded = back.get().ended();
        return OptionalInt.of(failed.get().number());
    }

    // End

    /** Tells clients to leave from now on, by making each answer the last one on its connection; or takes that back. */
    void endWithResponses(boolean end) {
        endsWithResponses = end;
        if (live != null) {
            live.connections().endWithResponses(end);
        }
    }

    /** Begins to drain the former backends. */
    void drainFormer() {
        while (!former.isEmpty()) {
            Backend first = former.get(0);
            CompletableFuture<@Nullable Void> asked = first.connections().supersede();
            if (!formerGeneration.keep(first, asked, generation().isPresent())) {
                drain(first, asked);
            }
            former.remove(0); // only now, or a backend whose drain could not begin would be forgotten
        }
    }

    private void drain(Backend backend, CompletableFuture<@Nullable Void> asked) {
        drains.begin(backend.name(), backend.connections(), asked, drainTimeout, backend.drainObserver());
    }

    /** Leaves the datagrams that have not been read to another process. */
    void finishDatagrams() {
        if (live != null) {
            live.connections().finishDatagrams();
        }
    }

    /** Tells clients to leave whose connections no other process can have. Returns whether there are any. */
    boolean leaveProcess() {
        boolean any = live != null && live.connections().leaveProcess();
        for (Backend each : former) {
            any |= each.connections().leaveProcess();
        }
        return any;
    }

    /** Drains the live backend too: its connections move to these receivers, at once or when they are free. */
    void handOver(Function<ListeningSocket, Receiver> receivers) {
        formerGeneration.end();
        var unused = leaveProcess();
        List<CompletableFuture<Held>> opened = sockets.allListening().stream()
                .map(listener -> listener.gate().open(receivers.apply(listener)))
                .toList();
        opened.forEach(CompletableFuture::join);
        if (live != null) {
            former.add(live);
            live = null;
        }
        releaseExpired();
        former.forEach(backend -> backend.connections().keepWebSockets()); // their requests do not go along
        drainFormer();
    }

    /** Drains the live backend too; the gates must have been closed. Requests that have come by now are still answered. */
    void clear() {
        formerGeneration.end();
        if (live != null) {
            drain(live, live.connections().dismiss());
            live = null;
        }
        holdTimeoutPage
                .release()
                .ifPresent(
                        server -> drain(backendOf(server), server.connections().dismiss()));
        drainFormer();
    }

    // The problem that the failure page shows

    Problem problem() {
        return failure.problem();
    }

    void problem(Problem problem) {
        failure.problem(problem);
    }

    /** Returns whether any build has served. */
    boolean hasServed() {
        return failure.hasServed();
    }
}
