package dev.supervisor.socket.netty;

import dev.supervisor.Departure;
import dev.supervisor.socket.Connection;
import dev.supervisor.socket.http.HttpBoundary;
import dev.supervisor.socket.netty.HandoffState.Phase;
import dev.supervisor.socket.netty.HandoffState.Reading;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection while one generation has it. Unlike its parent it can let go of its socket: it is closed then, for its
 * handlers and for Netty, while the socket lives on and goes to the next owner. {@link Handoff} says when.
 *
 * <p>While it serves, all of this costs a read of one volatile field for each read and write of the socket. Everything
 * but what says otherwise happens on the connection's event loop.
 */
public final class ConnectionChannel extends NioSocketChannel implements HandoffChannel {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionChannel.class);

    private final SupervisedServerChannel parent;
    private final Connection connection;
    private final Connections connections;

    /** An event loop has begun with it, or somebody has taken it back before one did. */
    private final AtomicBoolean claimed = new AtomicBoolean();

    /** From the first time on that its generation does no new work. */
    private volatile @Nullable Handoff handoff;

    private volatile boolean lettingGo;

    /** Closed for this owner; the socket lives on. */
    private volatile boolean gone;

    /** Something has been read or written. */
    private boolean touched;

    /** At its first read there was a handler that keeps bytes; it may have left since, but they have not come twice. */
    private boolean tied;

    /** Its pipeline has all that the supervisor wants there. */
    private boolean fitted;

    private boolean endedByPeer;

    /** It was closed before anybody ended it from outside. */
    private boolean disposes;

    private boolean readsOnceMore;
    private boolean writing;

    ConnectionChannel(SupervisedServerChannel parent, Connection connection, Connections connections) {
        super(parent, connection.socket());
        this.parent = parent;
        this.connection = connection;
        this.connections = connections;
    }

    boolean isOf(Connections those) {
        return connections == those;
    }

    // What Netty asks of the socket.

    @Override
    protected void doRegister(ChannelPromise promise) {
        if (!claimed.compareAndSet(false, true)) {
            promise.setFailure(new ClosedChannelException());
            return;
        }
        super.doRegister(promise);
        if (connections.isLeaving()) {
            eventLoop().execute(this::leaveAfterWhatHasCome);
        }
    }

    @Override
    protected void doBeginRead() throws Exception {
        Handoff way = handoff;
        if (way != null && !way.isReading()) {
            return;
        }
        super.doBeginRead();
        if (connection.hasUnread()) { // of which the selector knows nothing
            eventLoop().execute(this::readNow);
        }
    }

    private void readNow() {
        if (isActive()) {
            unsafe().read();
        }
    }

    @Override
    protected int doReadBytes(ByteBuf buffer) throws Exception {
        boolean quiescing = connections.isQuiescing();
        Reading reading = quiescing && !readsOnceMore ? handoff().readable() : Reading.ALL;
        if (reading == Reading.NONE) {
            clearReadPending();
            return 0;
        }
        if (reading == Reading.KEPT) {
            int length = readSocket(buffer);
            return length > 0 ? leaveUnread(buffer) : length;
        }
        if (!fitted) {
            fitted = connections.customize(parent, pipeline());
        }
        int length = connection.hasUnread() ? readUnread(buffer) : readSocket(buffer);
        if (!quiescing
                && connections.isQuiescing()
                && length > 0
                && isNextOnes(handoff().readable())) {
            return leaveUnread(buffer);
        }
        if (!touched) {
            tied = HttpBoundary.keepsBytesAhead(pipeline());
            touched = true;
        }
        return length;
    }

    /**
     * Of something that has been read already. The generation holds since after it was asked and before the socket was
     * read: this thread may have stood there for long enough for the next one to answer somebody, and what has been read
     * may have been sent after that.
     */
    private static boolean isNextOnes(Reading reading) {
        return reading == Reading.KEPT || reading == Reading.NONE;
    }

    private int leaveUnread(ByteBuf buffer) {
        handoff().keep(buffer);
        clearReadPending();
        return 0;
    }

    private int readUnread(ByteBuf buffer) {
        unsafe().recvBufAllocHandle().attemptedBytesRead(buffer.writableBytes());
        return connection.read(buffer);
    }

    private int readSocket(ByteBuf buffer) throws Exception {
        try {
            int length = super.doReadBytes(buffer);
            endedByPeer |= length < 0;
            return length;
        } catch (IOException e) {
            endedByPeer = true;
            throw e;
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer buffer) throws Exception {
        touched = true;
        writing = true;
        try {
            super.doWrite(buffer);
        } catch (IOException e) {
            endedByPeer = true;
            throw e;
        } finally {
            writing = false;
        }
        if (connections.isQuiescing()) {
            handoff().checkSoon();
        }
    }

    @Override
    protected void doClose() throws Exception {
        if (lettingGo || gone) {
            gone = true;
        } else {
            super.doClose();
            connection.end();
        }
        disposes = connections.left(this, departure());
    }

    private Departure departure() {
        Departure otherwise = endedByPeer ? Departure.ENDED_BY_PEER : Departure.ENDED_BY_APPLICATION;
        Handoff way = handoff;
        return way == null ? otherwise : way.departure().orElse(otherwise);
    }

    @Override
    public boolean isOpen() {
        return !gone && super.isOpen();
    }

    @Override
    public boolean isActive() {
        return !gone && super.isActive();
    }

    // What the supervisor asks of the connection.

    private Handoff handoff() {
        Handoff way = handoff;
        if (way == null) {
            way = new Handoff(this);
            handoff = way;
        }
        return way;
    }

    /** When a waiting request came, as {@link System#nanoTime}; 0 if none waits. From any thread. */
    long waitingSince() {
        Handoff way = handoff;
        return way == null || lettingGo ? 0 : way.waitingSince();
    }

    /** The generation holds. */
    void held() {
        handoff().held();
    }

    /** The generation goes on serving. */
    void resume() {
        handoff().resume();
    }

    /** A newer generation has taken over, or the supervisor stops. */
    void leave() {
        handoff().leave();
    }

    /** When the supervisor stops, requests that have arrived by now are answered. */
    void leaveAfterWhatHasCome() {
        boolean wantsToRead = config().isAutoRead() || handoff().hasRefusedRead();
        if (connections.phase() == Phase.DISMISSED && isActive() && wantsToRead) {
            readsOnceMore = true;
            readNow();
            readsOnceMore = false;
        }
        leave();
    }

    /** @throws IllegalStateException if that can't be */
    void handOff() {
        if (!isRegistered() || !eventLoop().inEventLoop()) {
            throw new IllegalStateException(
                    "can't hand off " + this + ": not on its event loop (use channel.eventLoop().execute)");
        }
        handoff().handOff();
    }

    /** Closes it for good, at the drain deadline. */
    void end() {
        handoff().end();
    }

    /** Takes it back from an event loop that has not begun with it. From any thread. */
    void reclaim() {
        if (claimed.compareAndSet(false, true)) {
            gone = true;
            if (connections.left(this, Departure.MOVED_IDLE)) {
                connection.offer();
            }
        }
    }

    /** Closes the socket behind the back of an event loop that does not answer. From any thread. */
    void endFromOutside() {
        if (connections.left(this, Departure.ENDED_AT_DEADLINE)) {
            connection.seeOff();
        }
    }

    // What its way out asks of it.

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Phase phase() {
        return connections.phase();
    }

    @Override
    public boolean isUntouched() {
        return !touched;
    }

    @Override
    public boolean isTied() {
        return tied;
    }

    @Override
    public boolean isWriting() {
        return writing;
    }

    @Override
    public void later(Runnable task) {
        eventLoop().execute(task);
    }

    @Override
    public void letGo(Consumer<Connection> next) {
        lettingGo = true;
        resetLinger();
        deregisterKey();
        unsafe().close(newPromise().addListener(closed -> {
            if (disposes) {
                next.accept(connection);
            }
        }));
    }

    /** With one, Netty would close on another executor; the next owner sets its own. */
    private void resetLinger() {
        try {
            if (config().getSoLinger() >= 0) {
                config().setSoLinger(-1);
            }
        } catch (ChannelException e) { // the peer has reset the connection; the next owner will see it
            LOG.debug("can't reset SO_LINGER of {}", this, e);
        }
    }

    /** At once, or the old selector could report bytes that are the next owner's before the channel is deregistered. */
    private void deregisterKey() {
        try {
            doDeregister();
        } catch (Exception e) {
            LOG.warn("can't deregister {}", this, e);
        }
    }
}
