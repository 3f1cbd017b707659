package dev.supervisor.socket.netty;

import dev.supervisor.Departure;
import dev.supervisor.Held;
import dev.supervisor.Ledger;
import dev.supervisor.Protocol;
import dev.supervisor.socket.Connection;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.netty.HandoffState.Phase;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
 *   SERVING ────────▶ HOLDING ──┬───────────────▶ SUPERSEDED: connections move when nothing is under way, or end
 *      ▲                │       │    dismiss
 *      └──── resume ────┘   SERVING ────────────▶ DISMISSED:  connections end when nothing is under way
 * </pre>
 *
 * <p>All methods may be called from any thread.
 */
public final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final Map<ListeningSocket, SupervisedServerChannel> servers = new ConcurrentHashMap<>();
    private final Set<ConnectionChannel> open = ConcurrentHashMap.newKeySet();

    /** Turns in which connections taken from a queue are made channels of. */
    private final AtomicInteger adopting = new AtomicInteger();

    private final Map<Departure, LongAdder> departures = new EnumMap<>(Departure.class);
    private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();
    private final Consumer<SupervisedServerChannel> onServing;
    private final PipelineCustomizer customizer;

    private volatile Phase phase = Phase.SERVING;
    private volatile int heldAtTheEnd;

    /** @param onServing told when the generation begins to serve a listener */
    public Connections(Consumer<SupervisedServerChannel> onServing) {
        this(onServing, PipelineCustomizer.none());
    }

    /**
     * @param onServing told when the generation begins to serve a listener
     * @param customizer for the pipelines of the HTTP connections
     */
    public Connections(Consumer<SupervisedServerChannel> onServing, PipelineCustomizer customizer) {
        this.onServing = onServing;
        this.customizer = customizer;
        Arrays.stream(Departure.values()).forEach(departure -> departures.put(departure, new LongAdder()));
    }

    // The generation's side

    /** Makes a channel for the generation to bind; it serves the listener from then on. */
    public SupervisedServerChannel open(ListeningSocket listener) {
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

    /** Moves one of its connections to the generation that has taken over; see the SPI. On the connection's event loop. */
    public void handOff(Channel channel) {
        if (!(channel instanceof ConnectionChannel connection) || !connection.isOf(this)) {
            throw new IllegalArgumentException(
                    "can't hand off " + channel + ": it is no connection that the supervisor gave to this generation");
        }
        connection.handOff();
    }

    /** A server channel makes connections of what has arrived, in this action. */
    void adopt(Runnable action) {
        adopting.incrementAndGet();
        try {
            action.run();
        } finally {
            adopting.decrementAndGet();
            checkDrained();
        }
    }

    /** Returns whether the pipeline is as it is to be. On the connection's event loop. */
    boolean customize(SupervisedServerChannel parent, ChannelPipeline pipeline) {
        return parent.listener().spec().protocol() != Protocol.HTTP || customizer.customize(pipeline);
    }

    /** Makes a channel of the next connection, or returns null if there is none. */
    @Nullable
    ConnectionChannel adoptNext(SupervisedServerChannel parent, Supplier<@Nullable Connection> queue) {
        for (Connection next = queue.get(); next != null; next = queue.get()) {
            try {
                ConnectionChannel channel = new ConnectionChannel(parent, next, this);
                open.add(channel);
                return channel;
            } catch (RuntimeException e) { // one broken socket must not stop the others
                LOG.debug("a socket is broken that has waited", e);
                next.end();
            } catch (Error e) { // such as a lack of memory
                next.end();
                throw e;
            }
        }
        return null;
    }

    /**
     * Whoever is told so disposes of the connection: its event loop, or somebody outside who does not wait for that.
     *
     * @return whether it had not left before
     */
    boolean left(ConnectionChannel connection, Departure how) {
        if (!open.remove(connection)) {
            return false;
        }
        if (isQuiescing()) {
            departures.computeIfAbsent(how, unused -> new LongAdder()).increment();
        }
        checkDrained();
        return true;
    }

    // The supervisor's side

    public Optional<SupervisedServerChannel> serverOf(ListeningSocket listener) {
        return Optional.ofNullable(servers.get(listener));
    }

    /**
     * From now on a request on an established HTTP connection takes that to its gate, as soon as what was begun before
     * has been answered.
     */
    public void hold() {
        if (phase == Phase.SERVING) {
            phase = Phase.HOLDING;
            var unused = PerEventLoop.run(open, ConnectionChannel::held);
        }
    }

    /** Goes on with what has waited since {@link #hold()}. */
    public void resume() {
        if (phase == Phase.HOLDING) {
            phase = Phase.SERVING;
            departures.values().forEach(LongAdder::reset);
            var unused = PerEventLoop.run(open, ConnectionChannel::resume);
        }
    }

    /**
     * From now on connections leave: those on which nothing is under way move to whatever generation their gate is open
     * to, at once or when their last response has been written; the others stay until they end or are ended.
     *
     * @return completes when all have left that can at once
     */
    public CompletableFuture<@Nullable Void> supersede() {
        heldAtTheEnd = held().count() + movedWhileItHeld();
        phase = Phase.SUPERSEDED;
        servers.forEach((listener, server) -> listener.gate().lost(server, server.giveBack()));
        return leaving(ConnectionChannel::leave);
    }

    /** Those on which a request came, and no others. */
    private int movedWhileItHeld() {
        Ledger soFar = ledger();
        return (int) (soFar.count(Departure.MOVED_IDLE) + soFar.count(Departure.MOVED_AFTER_RESPONSE));
    }

    /**
     * From now on connections end, as soon as nothing is under way on them: the supervisor stops. What has come by now is
     * still answered, unless it is waiting for another generation.
     *
     * @return completes when all have ended that can at once
     */
    public CompletableFuture<@Nullable Void> dismiss() {
        boolean held = phase == Phase.HOLDING;
        phase = Phase.DISMISSED;
        return leaving(held ? ConnectionChannel::leave : ConnectionChannel::leaveAfterWhatHasCome);
    }

    private CompletableFuture<@Nullable Void> leaving(Consumer<ConnectionChannel> how) {
        CompletableFuture<@Nullable Void> asked = PerEventLoop.run(open, how);
        checkDrained();
        return asked;
    }

    /** Completes when none is left, some time after one of the two. */
    public CompletableFuture<@Nullable Void> drained() {
        return drained;
    }

    /** Moves what has not begun on event loops that don't answer, without them. */
    public void reclaim() {
        open.forEach(ConnectionChannel::reclaim);
    }

    /** Closes what is left. */
    public void end() {
        var unused = PerEventLoop.run(open, ConnectionChannel::end);
    }

    /** Closes what is left of connections whose event loop does not answer, without it. */
    public void endFromOutside() {
        open.forEach(ConnectionChannel::endFromOutside);
    }

    /** Closes the server channels that the generation still has. */
    public void revoke() {
        List.copyOf(servers.values()).forEach(SupervisedServerChannel::revoke);
    }

    /** How many are open. */
    public int count() {
        return open.size();
    }

    /** How many requests wait on established connections that are still busy, and since when the first. */
    public Held held() {
        long now = System.nanoTime();
        Held held = Held.NONE;
        for (ConnectionChannel connection : open) {
            long since = connection.waitingSince();
            if (since != 0) {
                held = held.plus(new Held(1, Duration.ofNanos(now - since)));
            }
        }
        return held;
    }

    /** Where they have gone so far, since the generation began to do no new work. */
    public Ledger ledger() {
        Map<Departure, Long> counts = new HashMap<>();
        departures.forEach((departure, count) -> {
            if (count.sum() > 0) {
                counts.put(departure, count.sum());
            }
        });
        return new Ledger(heldAtTheEnd, counts);
    }

    Phase phase() {
        return phase;
    }

    /** Whether its connections end since the supervisor stops. */
    public boolean isDismissed() {
        return phase == Phase.DISMISSED;
    }

    /** Read for each read and write of each connection. */
    boolean isQuiescing() {
        return phase != Phase.SERVING;
    }

    boolean isLeaving() {
        return phase == Phase.SUPERSEDED || phase == Phase.DISMISSED;
    }

    private void checkDrained() {
        if (isLeaving() && adopting.get() == 0 && open.isEmpty() && nothingArrives()) {
            drained.complete(null);
        }
    }

    /** When the supervisor stops, what has arrived is still served. */
    private boolean nothingArrives() {
        return phase != Phase.DISMISSED || servers.values().stream().noneMatch(SupervisedServerChannel::willAdopt);
    }
}
