package dev.supervisor.socket;

import dev.supervisor.ProxyProtocol;
import dev.supervisor.socket.proxy.HeaderParser;
import dev.supervisor.socket.proxy.Refusal;
import dev.supervisor.socket.proxy.TrustedProxies;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the header of the PROXY protocol from the connections of listed proxies, before the gate gets them. Connections
 * from elsewhere pass. What comes behind the header stays with the connection.
 *
 * <p>As many wait as may be held; then the one that has waited longest is closed, so that new ones never have to wait for
 * silent ones. Registers the raw sockets with the selector of the accept loop, as {@link ReadAhead} does, to which all state
 * belongs.
 */
final class ProxyHeaders {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaders.class);
    private static final byte[] NOTHING = {};
    private static final long WARNINGS_APART_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final String socket;
    private final IoEventLoop loop;
    private final TrustedProxies proxies;
    private final long timeoutNanos;
    private final int most;
    private final Consumer<Connection> next;

    private final HeaderParser parser = new HeaderParser();
    private final ByteBuffer buffer = ByteBuffer.allocate(HeaderParser.LONGEST);

    /** In order of arrival. */
    private final Set<Waiting> waiting = new LinkedHashSet<>();

    private final List<Runnable> whenNone = new ArrayList<>();
    private final AtomicLong refused = new AtomicLong();
    private @Nullable Future<?> expiry;
    private @Nullable Long warned;
    private long notTold;

    /**
     * @param socket the name of the listener
     * @param most how many connections may wait for their headers at a time
     * @param next takes a connection whose addresses are known, on the loop
     */
    ProxyHeaders(String socket, IoEventLoop loop, ProxyProtocol protocol, int most, Consumer<Connection> next) {
        this.socket = socket;
        this.loop = loop;
        this.proxies = new TrustedProxies(protocol.sources());
        this.timeoutNanos = protocol.timeout().toNanos();
        this.most = most;
        this.next = next;
    }

    /** Returns how many connections were closed since they did not begin with a good header in time. Thread-safe. */
    long refused() {
        return refused.get();
    }

    /** Takes a connection that was accepted just now. */
    void accepted(Connection connection) {
        SocketAddress peer;
        try {
            peer = connection.socket().getRemoteAddress();
            if (!proxies.has(peer)) {
                next.accept(connection);
                return;
            }
            connection.socket().configureBlocking(false);
        } catch (IOException e) {
            LOG.debug("a connection broke as it came: {}", e.toString());
            connection.end();
            return;
        }
        Waiting entering = new Waiting(connection, peer);
        waiting.add(entering);
        if (waiting.size() > most) {
            waiting.iterator().next().refuse(Refusal.CROWDED);
        }
        entering.begin();
        schedule();
    }

    /** Takes what has come, and closes the connections whose headers are incomplete. */
    void end() {
        for (Waiting each : List.copyOf(waiting)) {
            each.read();
            if (waiting.contains(each)) {
                each.leave();
                each.connection.end();
            }
        }
    }

    /** Runs the action when no connection waits for its header any more. */
    void whenNone(Runnable action) {
        whenNone.add(action);
        runIfNone();
    }

    private void runIfNone() {
        if (waiting.isEmpty() && !whenNone.isEmpty()) {
            List<Runnable> actions = List.copyOf(whenNone);
            whenNone.clear();
            actions.forEach(loop::execute); // behind the tasks by which connections go to the gate
        }
    }

    private void schedule() {
        if (expiry == null && !waiting.isEmpty()) {
            long due = waiting.iterator().next().since + timeoutNanos - System.nanoTime();
            expiry = loop.schedule(this::expire, Math.max(0, due), TimeUnit.NANOSECONDS);
        }
    }

    private void expire() {
        expiry = null;
        long latest = System.nanoTime() - timeoutNanos;
        for (Waiting each : List.copyOf(waiting)) {
            if (each.since - latest > 0) {
                break;
            }
            each.refuse(Refusal.TOO_LATE);
        }
        schedule();
    }

    /** Logs at most every 30 s: one line for each connection of a proxy that is set up otherwise would hide all others. */
    private void warn(SocketAddress peer, Refusal why) {
        long now = System.nanoTime();
        if (warned != null && now - warned < WARNINGS_APART_NANOS) {
            notTold++;
            return;
        }
        warned = now;
        LOG.warn(
                "closed a connection of {} to the socket '{}': it {}{}",
                peer instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : "a Unix socket",
                socket,
                why,
                notTold == 0 ? "" : " (and " + notTold + " more since the last message)");
        notTold = 0;
    }

    private final class Waiting extends NioSelectableChannelIoHandle<SocketChannel> {

        private final Connection connection;
        private final SocketAddress peer;
        private final long since = System.nanoTime();

        /** What has come of the header before. */
        private byte[] begun = NOTHING;

        private @Nullable IoRegistration registration;

        Waiting(Connection connection, SocketAddress peer) {
            super(connection.socket());
            this.connection = connection;
            this.peer = peer;
        }

        /** Reads before it registers: proxies send their headers at once. */
        void begin() {
            read();
            if (!waiting.contains(this)) {
                return;
            }
            Future<IoRegistration> registered = loop.register(this); // complete: this is the loop's thread
            if (!registered.isSuccess()) {
                LOG.warn("can't wait for a header on the socket '{}': {}", socket, registered.cause());
                leave();
                connection.end();
                return;
            }
            registration = registered.getNow();
            registration.submit(NioIoOps.READ);
        }

        void leave() {
            waiting.remove(this);
            if (registration != null) {
                registration.cancel();
            }
            runIfNone();
        }

        void refuse(Refusal why) {
            refused.incrementAndGet();
            warn(peer, why);
            leave();
            connection.end();
        }

        @Override
        protected void handle(SocketChannel ready, SelectionKey key) {
            read();
        }

        void read() {
            if (!waiting.contains(this)) {
                return;
            }
            try {
                buffer.clear().put(begun);
                int length = connection.socket().read(buffer);
                if (length > 0) {
                    come();
                } else if (length < 0) {
                    ended();
                }
            } catch (IOException e) { // the peer has reset the connection
                LOG.debug("a connection broke before its header was complete: {}", e.toString());
                leave();
                connection.end();
            }
        }

        /** A peer that leaves without a word is no error: load balancers check so whether somebody listens. */
        private void ended() {
            if (begun.length > 0) {
                refuse(Refusal.CUT);
            } else {
                leave();
                connection.end();
            }
        }

        private void come() {
            HeaderParser.Result result = parser.parse(buffer.array(), buffer.position());
            if (result instanceof HeaderParser.Refused known) {
                refuse(known.why());
            } else if (result instanceof HeaderParser.Header header) {
                connection.append(buffer.flip().position(header.length()));
                header.addresses().ifPresent(connection::setProxied);
                pass();
            } else {
                begun = Arrays.copyOf(buffer.array(), buffer.position());
            }
        }

        /**
         * Passes it on in a task: the next owner may register the socket with the same selector, which has to drop its
         * former key before, and must not while it goes through the keys that are ready.
         */
        private void pass() {
            boolean wasRegistered = registration != null;
            if (wasRegistered) {
                try {
                    loop.execute(() -> next.accept(connection));
                } catch (RejectedExecutionException e) { // the supervisor has stopped
                    connection.end();
                }
            }
            leave();
            if (!wasRegistered) {
                next.accept(connection);
            }
        }

        /** Does nothing. The loop calls this for a cancelled registration too, when the socket has its next owner already. */
        @Override
        public void close() {}
    }
}
