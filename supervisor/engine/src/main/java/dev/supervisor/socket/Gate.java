package dev.supervisor.socket;

import dev.supervisor.Departure;
import dev.supervisor.Held;
import dev.supervisor.ProxyProtocol.Addresses;
import dev.supervisor.socket.GateState.Closed;
import dev.supervisor.socket.GateState.Holding;
import dev.supervisor.socket.GateState.Open;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides, for one listener, where its connections go: to the live generation, or into a queue until there is one. A
 * waiting connection belongs to no generation and outlives any.
 *
 * <p>All state belongs to the accept loop; methods may be called from any thread and take effect there, in the order of
 * the calls. Lives as long as its {@link ListeningSocket}.
 */
public final class Gate implements ConnectionSink {

    /**
     * @param maxHeld how many sockets wait here before accepting stops and the kernel's backlog takes the rest
     * @param holdTimeout how long one socket waits at most
     */
    public record Limits(int maxHeld, Duration holdTimeout) {}

    /**
     * @param sinceNanos when the connection arrived, by the gate's clock
     * @param watch ends the watch for a peer that leaves
     */
    private record Waiting(long sinceNanos, Runnable watch) {}

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final EventLoop loop;
    private final Limits limits;
    private final LongSupplier nanoClock;
    private final Consumer<Boolean> accepting;
    private final PeerWatch peerWatch;

    /** In order of arrival. */
    private final Map<Connection, Waiting> queue = new LinkedHashMap<>();

    private final ConnectionCounter counter = new ConnectionCounter();
    private final WaitCounter waits;
    private final DepartureCounter departures;
    private final LingeringClose lingering;

    /** Null if the supervisor ends no TLS here. */
    private final @Nullable TlsEngines tls;

    private GateState state;
    private Supplier<Consumer<Connection>> substitute;
    private @Nullable Future<?> expiry;

    /** Makes a gate whose connections have no TLS. */
    public Gate(
            String socket,
            EventLoop loop,
            Limits limits,
            LongSupplier nanoClock,
            PeerWatch peerWatch,
            Consumer<Boolean> accepting) {
        this(socket, loop, limits, nanoClock, peerWatch, accepting, null);
    }

    /**
     * @param socket the name of the listener
     * @param peerWatch notices peers that leave while their connections wait
     * @param accepting called on the loop with whether the listener should go on accepting
     * @param tls null if the supervisor ends no TLS here
     */
    public Gate(
            String socket,
            EventLoop loop,
            Limits limits,
            LongSupplier nanoClock,
            PeerWatch peerWatch,
            Consumer<Boolean> accepting,
            @Nullable TlsEngines tls) {
        this.tls = tls;
        this.waits = new WaitCounter(socket);
        this.departures = new DepartureCounter(socket);
        this.loop = loop;
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.peerWatch = peerWatch;
        this.accepting = accepting;
        this.lingering = new LingeringClose(loop);
        this.substitute = () -> lingering::begin;
        this.state = new Holding(0, limits.maxHeld());
    }

    /**
     * Sets the receiver of connections that have waited for too long; without one they are closed. The supplier is
     * called on the loop.
     */
    public void onExpired(Supplier<? extends Receiver> receiver) {
        takeExpired(() -> receiver.get()::take);
    }

    void takeExpired(Supplier<Consumer<Connection>> taker) {
        loop.execute(() -> substitute = taker);
    }

    ConnectionCounter counter() {
        return counter;
    }

    WaitCounter waits() {
        return waits;
    }

    DepartureCounter departures() {
        return departures;
    }

    /** Counts a socket that the listener has accepted, and offers it as a connection. */
    void accepted(SocketChannel socket) {
        offer(counted(socket));
    }

    /** Counts a socket that the listener has accepted, and makes a connection of it, which is to be offered later. */
    Connection counted(SocketChannel socket) {
        counter.accepted();
        return new Connection(socket, this, tls);
    }

    /** Counts a connection that another process has accepted, and offers it. */
    void adopted(SocketChannel socket, byte[] unread, Optional<Addresses> proxied) {
        Connection connection = counted(socket);
        proxied.ifPresent(connection::setProxied);
        connection.append(ByteBuffer.wrap(unread));
        connection.setIdle(!connection.hasUnread());
        offer(connection);
    }

    /** Passes, queues or closes a connection: a new one, or one that a generation has let go. */
    @Override
    public void offer(Connection connection) {
        onLoop(connection, this::arrive);
    }

    /** Closes a connection without losing the last bytes that were written. */
    @Override
    public void closeLingering(Connection connection) {
        onLoop(connection, lingering::begin);
    }

    @Override
    public void ended() {
        counter.ended();
    }

    @Override
    public void departed(Departure how) {
        departures.count(how);
    }

    private void onLoop(Connection connection, Consumer<Connection> action) {
        if (loop.inEventLoop()) {
            give(connection, action);
            return;
        }
        try {
            loop.execute(() -> give(connection, action));
        } catch (RejectedExecutionException e) { // the supervisor has stopped
            connection.end();
        }
    }

    /** Gives a connection to the taker. If that fails, this connection ends, and the others go on. */
    private static void give(Connection connection, Consumer<Connection> taker) {
        try {
            taker.accept(connection);
        } catch (RuntimeException | Error e) {
            LOG.warn("a connection is lost at the gate: {}: {}", connection.socket(), e.toString());
            connection.end();
        }
    }

    private void arrive(Connection connection) {
        switch (state.decision()) {
            case PASS -> ((Open) state).receiver().take(connection);
            case QUEUE -> enqueue(connection);
            case DROP -> lingering.begin(connection);
        }
    }

    private void enqueue(Connection connection) {
        Waiting waiting = new Waiting(nanoClock.getAsLong(), peerWatch.begin(connection, this::left));
        if (queue.put(connection, waiting) == null) {
            waits.began();
        }
        queueChanged();
        if (expiry == null) {
            scheduleExpiry(limits.holdTimeout().toNanos());
        }
    }

    /** Drops a connection whose peer has left without a request to be answered, or has reset it. */
    private void left(Connection connection) {
        Waiting waited = queue.remove(connection);
        if (waited != null) {
            waits.ended(nanoClock.getAsLong() - waited.sinceNanos());
        }
        connection.end();
        queueChanged();
    }

    /** Gives every waiting connection to the taker, in order. */
    private void giveAll(Consumer<Connection> taker) {
        long now = nanoClock.getAsLong();
        Iterator<Map.Entry<Connection, Waiting>> all = queue.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Connection, Waiting> next = all.next();
            all.remove();
            waits.ended(now - next.getValue().sinceNanos());
            next.getValue().watch().run();
            give(next.getKey(), taker);
        }
    }

    /** Makes connections wait from now on, including connections that the receiver has taken and not begun to serve. */
    public void hold() {
        loop.execute(() -> {
            if (state instanceof Open open) {
                state = new Holding(0, limits.maxHeld());
                takeBack(open.receiver());
            }
        });
    }

    private void takeBack(Receiver receiver) {
        receiver.giveBack().forEach(connection -> give(connection, this::enqueue));
    }

    /**
     * Hands over all waiting connections, in order, and from now on each new one at once. Completes with what had
     * waited.
     */
    public CompletableFuture<Held> open(Receiver receiver) {
        return onLoop(() -> {
            if (state instanceof Closed) {
                return Held.NONE;
            }
            if (state instanceof Open previous && previous.receiver() != receiver) {
                takeBack(previous.receiver());
            }
            Held held = waitedSoFar();
            state = new Open(receiver);
            cancelExpiry();
            giveAll(receiver::take);
            accepting.accept(true);
            return held;
        });
    }

    /**
     * Removes a receiver that takes no more: the gate holds again if it was open to it, and takes back the connections
     * that it had not begun with.
     */
    public void lost(Receiver receiver, List<Connection> givenBack) {
        loop.execute(() -> {
            if (state instanceof Open open && open.receiver() == receiver) {
                state = new Holding(0, limits.maxHeld());
            }
            givenBack.forEach(connection -> give(connection, this::arrive));
        });
    }

    /**
     * Closes all waiting and future connections, for good. A receiver still serves the connections that it has taken.
     */
    public CompletableFuture<Held> close() {
        return onLoop(() -> {
            Held held = waitedSoFar();
            state = new Closed();
            cancelExpiry();
            giveAll(lingering::begin);
            return held;
        });
    }

    /** Blocks until all connections passed to {@link #closeLingering} so far are closed, which takes a moment at most. */
    public void awaitLingering() {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        loop.execute(() -> lingering.whenEnded(() -> ended.complete(true)));
        ended.join();
    }

    private Held waitedSoFar() {
        return queue.isEmpty()
                ? Held.NONE
                : new Held(queue.size(), Duration.ofNanos(nanoClock.getAsLong() - firstSince()));
    }

    private long firstSince() {
        return queue.values().iterator().next().sinceNanos();
    }

    private void queueChanged() {
        if (state instanceof Holding holding) {
            Holding now = holding.with(queue.size());
            state = now;
            accepting.accept(now.hasRoom());
        }
    }

    private void scheduleExpiry(long delayNanos) {
        expiry = loop.schedule(this::expire, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void expire() {
        expiry = null;
        long latest = nanoClock.getAsLong() - limits.holdTimeout().toNanos();
        if (!queue.isEmpty() && firstSince() - latest <= 0) {
            try {
                giveExpired(substitute.get(), latest);
            } catch (RuntimeException | Error e) { // out of file descriptors, say; the connections may still be served
                LOG.warn("nobody takes the connections that have been held for too long: {}", e.toString());
                scheduleExpiry(PAUSE_AFTER_FAILURE.toNanos());
                return;
            }
        }
        queueChanged();
        if (!queue.isEmpty()) {
            scheduleExpiry(firstSince() - latest);
        }
    }

    private void giveExpired(Consumer<Connection> taker, long latest) {
        int before = queue.size();
        Iterator<Map.Entry<Connection, Waiting>> all = queue.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Connection, Waiting> next = all.next();
            if (next.getValue().sinceNanos() - latest > 0) {
                break;
            }
            all.remove();
            waits.expired(
                    latest + limits.holdTimeout().toNanos() - next.getValue().sinceNanos());
            next.getValue().watch().run();
            give(next.getKey(), taker);
        }
        LOG.warn(
                "connections that were held for {} ms without being served: {}",
                limits.holdTimeout().toMillis(),
                before - queue.size());
    }

    private void cancelExpiry() {
        if (expiry != null) {
            expiry.cancel(false);
            expiry = null;
        }
    }

    private <T> CompletableFuture<T> onLoop(Callable<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(action.call());
            } catch (Throwable e) { // a caller waits for the future
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
