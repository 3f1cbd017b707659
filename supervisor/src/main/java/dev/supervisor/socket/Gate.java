package dev.supervisor.socket;

import dev.supervisor.socket.GateState.Closed;
import dev.supervisor.socket.GateState.Holding;
import dev.supervisor.socket.GateState.Open;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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
 * Decides, for one listener, where its connections go: to the generation that is live, or into a queue until there is
 * one. A waiting connection belongs to nobody and outlives any generation.
 *
 * <p>All state belongs to the accept loop; methods may be called from any thread and take effect there, in the order of
 * the calls. Lives as long as its {@link Listener}.
 */
public final class Gate {

    /**
     * @param maxHeld sockets that wait here before the kernel's backlog takes the rest
     * @param holdTimeout how long one socket waits at most
     */
    public record Limits(int maxHeld, Duration holdTimeout) {}

    /** What waited while a gate was shut: how many sockets, and the longest wait. */
    public record Held(int count, Duration longest) {

        public static final Held NONE = new Held(0, Duration.ZERO);

        public Held plus(Held other) {
            return new Held(count + other.count, longest.compareTo(other.longest) > 0 ? longest : other.longest);
        }
    }

    private record Waiting(Connection connection, long sinceNanos) {}

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final EventLoop loop;
    private final Limits limits;
    private final LongSupplier nanoClock;
    private final Consumer<Boolean> accepting;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final Census census = new Census();
    private final Lingering lingering;

    private GateState state;
    private Consumer<Connection> onExpired;
    private @Nullable Future<?> expiry;

    /** @param accepting told, on the loop, whether the listener should go on accepting */
    Gate(EventLoop loop, Limits limits, LongSupplier nanoClock, Consumer<Boolean> accepting) {
        this.loop = loop;
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.accepting = accepting;
        this.lingering = new Lingering(loop);
        this.onExpired = lingering::begin;
        this.state = new Holding(0, limits.maxHeld());
    }

    /** Who takes connections that have waited for too long; they are closed if nobody does. Asked on the loop. */
    public void onExpired(Supplier<SupervisedServerChannel> substitute) {
        onExpired(connection -> substitute.get().take(connection));
    }

    void onExpired(Consumer<Connection> action) {
        loop.execute(() -> onExpired = action);
    }

    Census census() {
        return census;
    }

    /** The listener has accepted a socket. */
    void accepted(SocketChannel socket) {
        census.accepted();
        offer(new Connection(socket, this));
    }

    /** A connection has arrived: a new one, or one that a generation has let go. */
    void offer(Connection connection) {
        onLoop(connection, () -> arrive(connection));
    }

    /** A connection has arrived that has waited for too long elsewhere. */
    void offerExpired(Connection connection) {
        onLoop(connection, () -> {
            if (state instanceof Holding) {
                onExpired.accept(connection);
            } else {
                arrive(connection);
            }
        });
    }

    /** Closes a connection so that what was written last is not lost. */
    void seeOff(Connection connection) {
        onLoop(connection, () -> lingering.begin(connection));
    }

    private void onLoop(Connection connection, Runnable action) {
        if (loop.inEventLoop()) {
            action.run();
            return;
        }
        try {
            loop.execute(action);
        } catch (RejectedExecutionException e) { // the supervisor has stopped
            connection.end();
        }
    }

    private void arrive(Connection connection) {
        switch (state.way()) {
            case PASS -> ((Open) state).receiver().take(connection);
            case QUEUE -> enqueue(connection);
            case DROP -> lingering.begin(connection);
        }
    }

    private void enqueue(Connection connection) {
        queue.add(new Waiting(connection, nanoClock.getAsLong()));
        queueChanged();
        if (expiry == null) {
            scheduleExpiry(limits.holdTimeout().toNanos());
        }
    }

    /** From now on connections wait, also those that the receiver had not begun with. */
    public void hold() {
        loop.execute(() -> {
            if (state instanceof Open open) {
                state = new Holding(0, limits.maxHeld());
                open.receiver().giveBack().forEach(this::enqueue);
            }
        });
    }

    /** Hands over all that wait, in order, and from now on each one at once; completes with what had waited. */
    public CompletableFuture<Held> open(Receiver receiver) {
        return onLoop(() -> {
            if (state instanceof Closed) {
                return Held.NONE;
            }
            if (state instanceof Open previous && previous.receiver() != receiver) {
                previous.receiver().giveBack().forEach(this::enqueue);
            }
            Held held = waitedSoFar();
            state = new Open(receiver);
            cancelExpiry();
            queue.forEach(waiting -> receiver.take(waiting.connection()));
            queue.clear();
            accepting.accept(true);
            return held;
        });
    }

    /** This receiver takes no more: holds again if connections go to it, and takes back those it had not begun with. */
    void lost(Receiver receiver, List<Connection> givenBack) {
        loop.execute(() -> {
            if (state instanceof Open open && open.receiver() == receiver) {
                state = new Holding(0, limits.maxHeld());
            }
            givenBack.forEach(this::arrive);
        });
    }

    /** Closes what waits and whatever comes; for good. A receiver still does what it has taken. */
    public CompletableFuture<Held> close() {
        return onLoop(() -> {
            Held held = waitedSoFar();
            state = new Closed();
            cancelExpiry();
            queue.forEach(waiting -> lingering.begin(waiting.connection()));
            queue.clear();
            return held;
        });
    }

    /** Waits until the connections are closed that have been seen off; that takes no longer than a moment. */
    public void awaitSeenOff() {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        loop.execute(() -> lingering.whenEnded(() -> ended.complete(true)));
        ended.join();
    }

    private Held waitedSoFar() {
        return queue.isEmpty()
                ? Held.NONE
                : new Held(
                        queue.size(),
                        Duration.ofNanos(
                                nanoClock.getAsLong() - queue.getFirst().sinceNanos()));
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
        int expired = 0;
        while (!queue.isEmpty() && queue.getFirst().sinceNanos() - latest <= 0) {
            onExpired.accept(queue.removeFirst().connection());
            expired++;
        }
        if (expired > 0) {
            LOG.warn(
                    "connections that were held for {} ms without being served: {}",
                    limits.holdTimeout().toMillis(),
                    expired);
        }
        queueChanged();
        if (!queue.isEmpty()) {
            scheduleExpiry(queue.getFirst().sinceNanos() - latest);
        }
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
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
