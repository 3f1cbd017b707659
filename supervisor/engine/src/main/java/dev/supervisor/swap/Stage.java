package dev.supervisor.swap;

import dev.supervisor.SocketSpec;
import dev.supervisor.failure.FailureServer;
import dev.supervisor.Held;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.netty.Connections;
import dev.supervisor.socket.netty.SupervisedServerChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who is live on the listeners: a generation, the failure page, or nobody. Belongs to the thread of the
 * {@link SwapLoop}.
 */
final class Stage {

    /**
     * @param name for a thread
     * @param end told when the connections have left after another has entered
     */
    record Occupant(String name, Connections connections, DrainThreads.Observer end) {}

    private final List<ListeningSocket> listeners;
    private final Duration drainTimeout;
    private final HoldTimeoutPage expired;
    private final DrainThreads drains;

    private @Nullable Occupant live;
    private boolean open;

    /** Those who have left, and are to drain as soon as the gates are as they are to be. */
    private final List<Occupant> left = new ArrayList<>();

    /** What waits on established connections of those who have left. */
    private Held waiting = Held.NONE;

    /** @param expired answers what has waited for too long */
    Stage(List<ListeningSocket> listeners, DrainThreads drains, Duration drainTimeout, HoldTimeoutPage expired) {
        this.listeners = listeners;
        this.drains = drains;
        this.drainTimeout = drainTimeout;
        this.expired = expired;
        listeners.stream()
                .filter(listener -> listener.spec().type() == SocketSpec.Type.HTTP)
                .forEach(listener -> listener.gate().onExpired(() -> expired.serverOf(listener)));
    }

    /** New work waits: new connections at the gates, and new requests on established ones. */
    void hold() {
        open = false;
        listeners.forEach(listener -> listener.gate().hold()); // first: what the live one lets go comes there
        if (live != null) {
            live.connections().hold();
        }
    }

    /**
     * From now on this one is live, behind gates that are shut. The former one does no new work any more, and drains from
     * {@link #retireLeft} on, so that its idle connections find the gates open.
     */
    void enter(Occupant next) {
        if (live != next) { // else this has been tried before, and has failed after that
            hold();
            replaceBy(next);
        }
    }

    /** From now on nobody is live; what has waited goes on to wait. */
    void leave() {
        replaceBy(null);
    }

    /** If this fails half way, the former one is among those that have left nevertheless. */
    private void replaceBy(@Nullable Occupant next) {
        Occupant former = live;
        if (former != null) {
            left.add(former);
        }
        live = next;
        if (former != null) {
            former.connections().hold();
            waiting = waiting.plus(former.connections().held());
        }
    }

    /** Opens the gates to who is live, and returns what had waited. */
    Held open() {
        open = true;
        if (live == null) {
            return Held.NONE;
        }
        releaseExpired();
        Connections connections = live.connections();
        List<CompletableFuture<Held>> opened = new ArrayList<>();
        for (ListeningSocket listener : listeners) {
            connections
                    .serverOf(listener)
                    .ifPresentOrElse(
                            server -> opened.add(listener.gate().open(server)),
                            () -> listener.gate().hold());
        }
        connections.resume();
        Held held = opened.stream().map(CompletableFuture::join).reduce(waiting, Held::plus);
        releaseExpired(); // the last that came before the gates were open
        waiting = Held.NONE;
        return held;
    }

    private void releaseExpired() {
        expired.release().ifPresent(server -> {
            server.connections().hold();
            left.add(occupantOf(server));
        });
    }

    private static Occupant occupantOf(FailureServer expired) {
        return new Occupant("expired", expired.connections(), (after, ledger) -> expired.close());
    }

    /** A live application has begun to serve a listener only after its start. */
    void serving(SupervisedServerChannel server) {
        if (open
                && live != null
                && live.connections().serverOf(server.listener()).orElse(null) == server) {
            var unused = server.listener().gate().open(server);
            releaseExpired();
            retireLeft();
        }
    }

    /** The listeners that who is live does not serve. */
    List<ListeningSocket> notServed() {
        Connections connections = live == null ? null : live.connections();
        return listeners.stream()
                .filter(listener ->
                        connections == null || connections.serverOf(listener).isEmpty())
                .toList();
    }

    /** Those who have left begin to drain. */
    void retireLeft() {
        while (!left.isEmpty()) {
            Occupant next = left.get(0);
            retire(next, next.connections().supersede());
            left.remove(0); // only now, or one whose end could not begin would be forgotten
        }
    }

    private void retire(Occupant occupant, CompletableFuture<@Nullable Void> asked) {
        drains.begin(occupant.name(), occupant.connections(), asked, drainTimeout, occupant.end());
    }

    /** Nobody is live any more; the gates must have been closed. What has come by now is still answered. */
    void clear() {
        if (live != null) {
            retire(live, live.connections().dismiss());
            live = null;
        }
        expired.release()
                .ifPresent(server ->
                        retire(occupantOf(server), server.connections().dismiss()));
        retireLeft();
    }
}
