package dev.supervisor.socket.netty;

import dev.supervisor.socket.Connection;
import dev.supervisor.socket.Gate;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.Server;
import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannelConfig;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server channel that an application binds instead of a {@code NioServerSocketChannel}: its children are the
 * connections that a {@link Gate} sends. It has no socket of its own: the address and the options of the listener are
 * accepted and ignored, since both belong to the supervisor.
 *
 * <p>Connections arrive from the accept loop through a queue; children are made on the channel's own event loop, 16 a
 * turn, and only while it reads ({@code autoRead}). Modelled on Netty's {@code LocalServerChannel}.
 */
public final class SupervisedServerChannel extends AbstractServerChannel implements ServerSocketChannel, Server {

    private static final Logger LOG = LoggerFactory.getLogger(SupervisedServerChannel.class);

    private enum State {
        OPEN,
        ACTIVE,
        CLOSED
    }

    private final ListeningSocket listener;
    private final Connections connections;
    private final InetSocketAddress address;
    private final ServerSocketChannelConfig config = new NoOpServerConfig(this);
    private final Queue<Connection> arrived = new ConcurrentLinkedQueue<>();

    /** Arrived connections that can wait: thousands may move at once, and new ones must not stand behind them. */
    private final Queue<Connection> arrivedIdle = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean pumpScheduled = new AtomicBoolean();

    private volatile State state = State.OPEN;
    private boolean readWanted;

    SupervisedServerChannel(ListeningSocket listener, Connections connections) {
        this.listener = listener;
        this.connections = connections;
        this.address = listener.address() instanceof UnixDomainSocketAddress unix
                ? new UnixAddress(unix)
                : (InetSocketAddress) listener.address();
    }

    @Override
    public ListeningSocket listener() {
        return listener;
    }

    @Override
    public void revoke() {
        if (eventLoop().isShuttingDown()) { // the loop is the application's own, and has ended
            doClose();
        } else {
            close().addListener(closed -> LOG.debug("revoked {}", this));
        }
    }

    // Receiver, on any thread

    @Override
    public void take(Connection connection) {
        (connection.isIdle() ? arrivedIdle : arrived).add(connection);
        if (state == State.CLOSED) { // closed meanwhile; each connection is polled once, so none is offered twice
            listener.gate().lost(this, giveBack());
        } else if (pumpScheduled.compareAndSet(false, true)) {
            schedulePump();
        }
    }

    private void schedulePump() {
        try {
            eventLoop().execute(this::pump);
        } catch (RejectedExecutionException e) { // the application has ended its own loop
            doClose();
        }
    }

    @Override
    public List<Connection> giveBack() {
        List<Connection> given = new ArrayList<>();
        for (Connection connection = next(); connection != null; connection = next()) {
            given.add(connection);
        }
        return given;
    }

    private @Nullable Connection next() {
        Connection next = arrived.poll();
        return next == null ? arrivedIdle.poll() : next;
    }

    private boolean hasArrived() {
        return !arrived.isEmpty() || !arrivedIdle.isEmpty();
    }

    private void pump() {
        connections.adopt(() -> {
            pumpScheduled.set(false);
            if (readWanted && state == State.ACTIVE && hasArrived()) {
                readWanted = false;
                adoptOneTurn();
            }
        });
    }

    private void adoptOneTurn() {
        var handle = unsafe().recvBufAllocHandle();
        handle.reset(config);
        do {
            ConnectionChannel child = connections.adoptNext(this, this::next);
            if (child == null) {
                break;
            }
            handle.incMessagesRead(1);
            pipeline().fireChannelRead(child);
        } while (handle.continueReading());
        handle.readComplete();
        pipeline().fireChannelReadComplete();
        if (hasArrived() && pumpScheduled.compareAndSet(false, true)) {
            schedulePump();
        }
    }

    @Override
    public boolean willAdopt() {
        return hasArrived() && pumpScheduled.get();
    }

    // AbstractChannel, on the channel's event loop

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        promise.setSuccess();
    }

    @Override
    protected void doBind(SocketAddress ignored) {
        WorkerGroupCheck.check(listener.spec().name(), pipeline());
        connections.serving(this);
        state = State.ACTIVE;
    }

    @Override
    protected void doBeginRead() {
        readWanted = true;
        if (hasArrived() && pumpScheduled.compareAndSet(false, true)) {
            schedulePump();
        }
    }

    @Override
    protected void doClose() {
        state = State.CLOSED;
        connections.closed(this);
        listener.gate().lost(this, giveBack());
    }

    @Override
    protected SocketAddress localAddress0() {
        return address;
    }

    @Override
    public InetSocketAddress localAddress() {
        return address;
    }

    @Override
    public @Nullable InetSocketAddress remoteAddress() {
        return null;
    }

    @Override
    public ServerSocketChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return state != State.CLOSED;
    }

    @Override
    public boolean isActive() {
        return state == State.ACTIVE;
    }
}
