package dev.supervisor.socket;

import dev.supervisor.socket.Gate.Held;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that one generation has of the network: the server channels that it serves, one at most for each listener, and
 * its open connections. Goes through its phases once, but for the first two:
 *
 * <pre>
 *             hold                    supersede
 *   SERVING ────────▶ HOLDING ──┬───────────────▶ SUPERSEDED
 *      ▲                │       │                     │
 *      └──── resume ────┘   SERVING                   ▼ connections move when they are free, or end; then: drained
 * </pre>
 *
 * <p>All methods may be called from any thread.
 */
public final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private enum Phase {
        SERVING,
        HOLDING,
        SUPERSEDED
    }

    private final Map<Listener, SupervisedServerChannel> servers = new ConcurrentHashMap<>();
    private final Set<ConnectionChannel> open = ConcurrentHashMap.newKeySet();

    /** Sockets taken from a queue of which no connection has been made yet. */
    private final AtomicInteger inHand = new AtomicInteger();

    private final LongAdder moved = new LongAdder();

    private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();
    private final Consumer<SupervisedServerChannel> onServing;

    private volatile Phase phase = Phase.SERVING;

    /** @param onServing told when the generation begins to serve a listener */
    public Connections(Consumer<SupervisedServerChannel> onServing) {
        this.onServing = onServing;
    }

    // The generation's side

    /** Makes a channel for the generation to bind; it serves the listener from then on. */
    public SupervisedServerChannel open(Listener listener) {
        return new SupervisedServerChannel(listener, this);
    }

    void serving(SupervisedServerChannel server) {
        SupervisedServerChannel other = servers.putIfAbsent(server.listener(), server);
        if (other != null) {
            throw new IllegalStateException(
                    "listener " + server.listener().spec().name() + " is already served by this generation");
        }
        onServing.accept(server);
    }

    void closed(SupervisedServerChannel server) {
        servers.remove(server.listener(), server);
    }

    /** Makes a connection of the next socket, or returns null if there is none. */
    @Nullable
    ConnectionChannel adopt(SupervisedServerChannel parent, Supplier<@Nullable SocketChannel> next) {
        inHand.incrementAndGet();
        try {
            for (SocketChannel socket = next.get(); socket != null; socket = next.get()) {
                try {
                    ConnectionChannel connection = new ConnectionChannel(
                            parent, socket, this, parent.listener().gate());
                    open.add(connection);
                    return connection;
                } catch (RuntimeException e) { // one broken socket must not stop the others
                    LOG.debug("a socket is broken that has waited", e);
                    Gate.close(socket);
                }
            }
            return null;
        } finally {
            inHand.decrementAndGet();
            checkDrained();
        }
    }

    void left(ConnectionChannel connection) {
        open.remove(connection);
        checkDrained();
    }

    void movedOne() {
        moved.increment();
    }

    // The supervisor's side

    public Optional<SupervisedServerChannel> serverOf(Listener listener) {
        return Optional.ofNullable(servers.get(listener));
    }

    /** From now on requests on established HTTP connections wait, as soon as what was begun has been answered. */
    public void hold() {
        if (phase == Phase.SERVING) {
            phase = Phase.HOLDING;
            onEachLoop(ConnectionChannel::held);
        }
    }

    /** While it holds: requests that have waited for so long are left to what their gate does with such. */
    public void expireParked(Duration holdTimeout) {
        if (phase == Phase.HOLDING && held().longest().compareTo(holdTimeout) >= 0) {
            onEachLoop(connection -> connection.expire(holdTimeout));
        }
    }

    /** Goes on with what has waited since {@link #hold()}. */
    public void resume() {
        if (phase == Phase.HOLDING) {
            phase = Phase.SERVING;
            onEachLoop(ConnectionChannel::resume);
        }
    }

    /**
     * From now on connections leave: those that are free move to whatever generation their gate is open to, at once or
     * when their last response has been written; the others stay until they end or are ended.
     *
     * @return completes when none is left
     */
    public CompletableFuture<@Nullable Void> supersede() {
        phase = Phase.SUPERSEDED;
        servers.forEach((listener, server) -> listener.gate().lost(server, server.giveBack()));
        onEachLoop(ConnectionChannel::superseded);
        checkDrained();
        return drained;
    }

    /** Closes what is left. */
    public void end() {
        onEachLoop(ConnectionChannel::end);
    }

    /** Closes what is left of connections whose event loop does not answer, without it. */
    public void endFromOutside() {
        List.copyOf(open).forEach(ConnectionChannel::endFromOutside);
    }

    /** Closes the server channels that the generation still has. */
    public void revoke() {
        List.copyOf(servers.values()).forEach(SupervisedServerChannel::revoke);
    }

    /** How many are open. */
    public int count() {
        return open.size();
    }

    /** How many have moved on. */
    public long moved() {
        return moved.sum();
    }

    /** How many requests wait on established connections, and since when the first. */
    public Held held() {
        long now = System.nanoTime();
        Held held = Held.NONE;
        for (ConnectionChannel connection : open) {
            long since = connection.parkedSince();
            if (since != 0) {
                held = held.plus(new Held(1, Duration.ofNanos(now - since)));
            }
        }
        return held;
    }

    boolean isQuiescing() {
        return phase != Phase.SERVING;
    }

    boolean isSuperseded() {
        return phase == Phase.SUPERSEDED;
    }

    private void checkDrained() {
        if (isSuperseded() && open.isEmpty() && inHand.get() == 0) {
            drained.complete(null);
        }
    }

    private void onEachLoop(Consumer<ConnectionChannel> action) {
        for (ConnectionChannel connection : open) {
            if (connection.isRegistered()) {
                try {
                    connection.eventLoop().execute(() -> action.accept(connection));
                } catch (RejectedExecutionException e) { // the application has ended its own loop
                    connection.endFromOutside();
                }
            }
        }
    }
}
