package dev.supervisor.socket;

import dev.supervisor.socket.GateState.Closed;
import dev.supervisor.socket.GateState.Holding;
import dev.supervisor.socket.GateState.Open;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides, for one listener, where its sockets go: to the generation that is live, or into a queue until there is one.
 * A waiting socket belongs to nobody and outlives any generation.
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

    private record Waiting(SocketChannel socket, long sinceNanos) {}

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final EventLoop loop;
    private final Limits limits;
    private final LongSupplier nanoClock;
    private final Consumer<Boolean> accepting;
    private final Deque<Waiting> queue = new ArrayDeque<>();

    private GateState state;
    private Consumer<SocketChannel> onExpired = Gate::close;
    private @Nullable Future<?> expiry;

    /** @param accepting told, on the loop, whether the listener should go on accepting */
    Gate(EventLoop loop, Limits limits, LongSupplier nanoClock, Consumer<Boolean> accepting) {
        this.loop = loop;
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.accepting = accepting;
        this.state = new Holding(0, limits.maxHeld());
    }

    /** What becomes of a socket that has waited for too long; it is closed if nothing is set. */
    public void onExpired(Consumer<SocketChannel> action) {
        loop.execute(() -> onExpired = action);
    }

    /** A socket has arrived: accepted from the listener, or let go by a generation. */
    void offer(SocketChannel socket) {
        if (loop.inEventLoop()) {
            arrive(socket);
            return;
        }
        try {
            loop.execute(() -> arrive(socket));
        } catch (RejectedExecutionException e) { // the supervisor has stopped
            close(socket);
        }
    }

    /** A socket has arrived that has waited for too long elsewhere. */
    void offerExpired(SocketChannel socket) {
        loop.execute(() -> {
            if (state instanceof Holding) {
                onExpired.accept(socket);
            } else {
                arrive(socket);
            }
        });
    }

    private void arrive(SocketChannel socket) {
        switch (state.way()) {
            case PASS -> ((Open) state).receiver().take(socket);
            case QUEUE -> enqueue(socket);
            case DROP -> close(socket);
        }
    }

    private void enqueue(SocketChannel socket) {
        queue.add(new Waiting(socket, nanoClock.getAsLong()));
        queueChanged();
        if (expiry == null) {
            scheduleExpiry(limits.holdTimeout().toNanos());
        }
    }

    /** From now on sockets wait, also those that the receiver had not begun with. */
    public void hold() {
        loop.execute(() -> {
            if (state instanceof Open open) {
                state = new Holding(0, limits.maxHeld());
                open.receiver().giveBack().forEach(this::enqueue);
            }
        });
    }

    /** Hands over all that wait, in order, and from now on each socket at once; completes with what had waited. */
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
            queue.forEach(waiting -> receiver.take(waiting.socket()));
            queue.clear();
            accepting.accept(true);
            return held;
        });
    }

    /** This receiver takes no more: holds again if sockets go to it, and takes back those it had not begun with. */
    void lost(Receiver receiver, List<SocketChannel> givenBack) {
        loop.execute(() -> {
            if (state instanceof Open open && open.receiver() == receiver) {
                state = new Holding(0, limits.maxHeld());
            }
            givenBack.forEach(this::arrive);
        });
    }

    /** Closes what waits and whatever comes; for good. */
    public CompletableFuture<Held> close() {
        return onLoop(() -> {
            Held held = waitedSoFar();
            if (state instanceof Open open) {
                open.receiver().giveBack().forEach(Gate::close);
            }
            state = new Closed();
            cancelExpiry();
            queue.forEach(waiting -> close(waiting.socket()));
            queue.clear();
            return held;
        });
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
            onExpired.accept(queue.removeFirst().socket());
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

    static void close(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("can't close {}", socket, e);
        }
    }
}
