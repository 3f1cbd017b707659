package dev.supervisor.socket.lent;

import dev.supervisor.Departure;
import dev.supervisor.lending.BorrowedServer;
import dev.supervisor.lending.Lease;
import dev.supervisor.lending.Traffic;
import dev.supervisor.socket.Connection;
import dev.supervisor.socket.ConnectionSink;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.PrivateConnection;
import dev.supervisor.socket.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the connections of a listener to the channel with which an application listens. Connections that can wait come after
 * all others: thousands may move at once.
 */
public final class LentServer implements Server, Lease {

    private static final Logger LOG = LoggerFactory.getLogger(LentServer.class);

    /** For how long an application may accept connections before it is ready to read them. */
    private static final long YOUNG_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ListeningSocket listener;
    private final BorrowedServer channel;
    private final LentConnections connections;
    private final Queue<Connection> arrived = new ConcurrentLinkedQueue<>();
    private final Queue<Connection> arrivedIdle = new ConcurrentLinkedQueue<>();

    private final Consumer<LentServer> onClosed;

    private volatile long acceptsSince;
    private volatile boolean accepts;
    private volatile boolean closed;

    /** @param onClosed run when the application does not listen any more */
    LentServer(
            ListeningSocket listener,
            BorrowedServer channel,
            LentConnections connections,
            Consumer<LentServer> onClosed) {
        this.onClosed = onClosed;
        this.listener = listener;
        this.channel = channel;
        this.connections = connections;
    }

    @Override
    public ListeningSocket listener() {
        return listener;
    }

    // Receiver

    @Override
    public void take(Connection connection) {
        (connection.isIdle() ? arrivedIdle : arrived).add(connection);
        if (closed) { // meanwhile; each connection is polled once, so none is offered twice
            listener.gate().lost(this, giveBack());
        } else {
            channel.arrivalsChanged();
        }
    }

    /** Gives the application a connection to itself. */
    void connect(Socket socket) throws IOException {
        PrivateConnection.open(
                this,
                address -> {
                    socket.connect(address);
                    return socket.getLocalPort();
                },
                new Uncounted());
    }

    /** Such a connection belongs to no gate. */
    private static final class Uncounted implements ConnectionSink {

        @Override
        public void offer(Connection connection) {
            connection.end();
        }

        @Override
        public void closeLingering(Connection connection) {
            connection.end();
        }

        @Override
        public void ended() {}

        @Override
        public void departed(Departure how) {}
    }

    @Override
    public List<Connection> giveBack() {
        List<Connection> given = new ArrayList<>();
        for (Connection connection = next(); connection != null; connection = next()) {
            given.add(connection);
        }
        channel.arrivalsChanged();
        return given;
    }

    private @Nullable Connection next() {
        Connection next = arrived.poll();
        return next == null ? arrivedIdle.poll() : next;
    }

    @Override
    public void revoke() {
        channel.revoke();
        leave();
    }

    @Override
    public boolean willAdopt() {
        return accepts && !closed && !isEmpty();
    }

    // Lease

    @Override
    public SocketAddress address() {
        return listener.address();
    }

    @Override
    public void accepting() {
        acceptsSince = System.nanoTime();
        accepts = true;
        connections.owner().serving(this);
        if (closed) { // meanwhile
            connections.owner().closed(this);
        }
    }

    /** Whether the application has begun to accept only a moment ago. */
    boolean isYoung() {
        return System.nanoTime() - acceptsSince < YOUNG_NANOS;
    }

    @Override
    public @Nullable Traffic poll() {
        for (Connection next = next(); next != null; next = next()) {
            try {
                return new LentConnection(next, connections, this);
            } catch (UncheckedIOException e) { // one broken socket must not stop the others
                LOG.debug("a socket is broken that has waited", e);
                next.end();
            }
        }
        return null;
    }

    @Override
    public boolean isEmpty() {
        return arrived.isEmpty() && arrivedIdle.isEmpty();
    }

    @Override
    public void closed() {
        leave();
    }

    private void leave() {
        closed = true;
        onClosed.accept(this);
        connections.owner().closed(this);
        listener.gate().lost(this, giveBack());
    }
}
