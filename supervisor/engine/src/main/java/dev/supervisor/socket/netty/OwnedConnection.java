package dev.supervisor.socket.netty;

import dev.supervisor.Departure;
import dev.supervisor.socket.Connection;
import dev.supervisor.socket.http.HandoffState.Phase;
import dev.supervisor.socket.http.HandoffState.Reading;
import dev.supervisor.socket.http.HttpBoundary;
import dev.supervisor.socket.tls.TlsStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection while one generation owns it: the part of a {@link ConnectionChannel} that is the same for every
 * transport. Unlike other channels it can let go of its socket: for Netty and its handlers it is closed then, while the
 * socket lives on and goes to the next owner. {@link Handoff} decides when.
 *
 * <p>While its generation serves, all this costs one read of a volatile field for each read and write of the socket.
 * Unless a method says otherwise, it runs on the connection's event loop.
 */
final class OwnedConnection implements WebSocketHandler.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(OwnedConnection.class);

    private final ConnectionChannel channel;
    private final Connection connection;
    private final ConnectionOwner owner;

    /** Null if the supervisor ends no TLS here. */
    private final @Nullable EncryptedTransport encrypted;

    /** Null unless the connection is a WebSocket that may move, or may become one. */
    private final @Nullable WebSocketHandler webSocket;

    /** What the application of the generation before has handed over; empty if it has not. */
    private final Optional<byte[]> state;

    /**
     * Set once: by the event loop that registers the channel, or by {@link #reclaim}, which takes it back before that.
     */
    private final AtomicBoolean claimed = new AtomicBoolean();

    /** Set by the first caller of {@link #departs}: the connection has left its generation. */
    private final AtomicBoolean departed = new AtomicBoolean();

    /** Null until its generation does no new work for the first time. */
    private volatile @Nullable Handoff handoff;

    private volatile boolean lettingGo;

    /** Closed for this owner, while the socket lives on. */
    private volatile boolean gone;

    /** Something has been read or written. */
    private boolean touched;

    /** Something has been read. */
    private boolean asked;

    /** Something has been written. */
    private boolean answered;

    /**
     * A handler ahead of the codec (TLS, PROXY protocol) held bytes at the first read, so the byte boundary is unknown
     * for the life of this connection, even if that handler has left since.
     */
    private boolean hasBufferingHandler;

    /** The supervisor's customizer is done with the pipeline, or has nothing to do with it. */
    private boolean customized;

    private boolean endsWithResponse;

    private boolean endedByPeer;

    /**
     * This channel's close was first to report the end, before {@link #endFromOutside}, so it disposes of the
     * connection.
     */
    private boolean disposes;

    private boolean readsOnceMore;
    private boolean writing;

    /** A task will read the bytes that the selector does not know of. */
    private boolean isReadScheduled;

    /** The application wants to read, and must answer first. */
    private boolean wantsToRead;

    /** @param isHttp whether the owner customizes its pipeline, and it may become a WebSocket */
    OwnedConnection(ConnectionChannel channel, Connection connection, ConnectionOwner owner, boolean isHttp) {
        this.channel = channel;
        this.connection = connection;
        this.owner = owner;
        this.customized = !isHttp;
        TlsStream tls = connection.tls();
        this.encrypted = tls == null ? null : new EncryptedTransport(channel, tls, this::failed);
        this.state = connection.state();
        this.webSocket = connection.isWebSocket() || (isHttp && owner.movesWebSockets())
                ? new WebSocketHandler(this, connection.webSocketRequest())
                : null;
    }

    /** Returns what the application of the generation before has handed over. May be called from any thread. */
    Optional<byte[]> state() {
        return state.map(byte[]::clone);
    }

    @Nullable
    EncryptedTransport encrypted() {
        return encrypted;
    }

    @Nullable
    WebSocketHandler webSocket() {
        return webSocket;
    }

    boolean isOf(ConnectionOwner generation) {
        return owner == generation;
    }

    /** Returns true to the first caller only. May be called from any thread. */
    boolean departs() {
        return departed.compareAndSet(false, true);
    }

    // What the channel does when Netty asks it to.

    void register(ChannelPromise promise) {
        if (!claimed.compareAndSet(false, true)) {
            promise.setFailure(new ClosedChannelException());
            return;
        }
        if (webSocket != null) {
            channel.pipeline().addFirst(webSocket);
        }
        channel.registerSocket(promise);
        if (owner.endsWithResponses()) {
            endWithResponse();
        } else if (owner.leavesProcess()) {
            leaveProcess();
        }
        if (owner.isLeaving()) {
            channel.eventLoop().execute(this::leaveAfterWhatHasCome);
        }
    }

    void beginRead() throws Exception {
        Handoff current = handoff;
        if (current != null && !current.isReading()) {
            return;
        }
        boolean replays = webSocket != null && webSocket.hasToReplay();
        if (webSocket != null && webSocket.isAwaitingAnswer()) {
            wantsToRead = true;
            return;
        }
        channel.beginReadSocket();
        if (encrypted != null) {
            encrypted.beginRead();
        }
        if (connection.hasUnread() || replays) { // the selector knows nothing of these bytes
            isReadScheduled = true;
            channel.eventLoop().execute(this::readScheduled);
        }
    }

    /** Reads unless the selector has had bytes meanwhile: an application that does not read by itself has asked once. */
    private void readScheduled() {
        if (isReadScheduled) {
            readNow();
        }
    }

    private void readNow() {
        if (channel.isActive()) {
            channel.readNow();
        }
    }

    /** Returns how many bytes were read; -1 at the end of the stream. */
    int read(ByteBuf buffer) throws Exception {
        isReadScheduled = false;
        if (webSocket != null && webSocket.isAwaitingAnswer()) {
            channel.readPendingCleared();
            return 0;
        }
        boolean quiescing = owner.isQuiescing();
        Reading reading = quiescing && !readsOnceMore ? handoff().readable() : Reading.ALL;
        if (reading == Reading.NONE) {
            channel.readPendingCleared();
            return 0;
        }
        if (reading == Reading.KEPT) {
            int length = readSocket(buffer);
            return length > 0 ? leaveUnread(buffer) : length;
        }
        if (!customized) {
            customized = owner.customize(channel.pipeline());
        }
        if (endsWithResponse) {
            handoff().endWithResponse();
        }
        if (webSocket != null && webSocket.hasToReplay()) {
            return replay(webSocket, buffer);
        }
        int length = connection.hasPushedBack() ? readUnread(buffer) : readSocket(buffer);
        if (!quiescing && length > 0) {
            owner.passBarrier();
        }
        if (!quiescing
                && owner.isQuiescing()
                && length > 0
                && belongsToNext(handoff().readable())) {
            return leaveUnread(buffer);
        }
        if (!asked && length > 0) {
            asked = true;
            owner.asked();
        }
        if (length != 0 || encrypted == null) {
            touch();
        }
        return length;
    }

    private void touch() {
        if (!touched) {
            hasBufferingHandler = HttpBoundary.keepsBytesAhead(channel.pipeline());
            touched = true;
        }
    }

    /** Gives the application the request by which a former one has opened the WebSocket: nothing new begins by it. */
    private int replay(WebSocketHandler replaying, ByteBuf buffer) {
        touch();
        channel.unsafe().recvBufAllocHandle().attemptedBytesRead(buffer.writableBytes());
        return replaying.replay(buffer);
    }

    /**
     * Returns whether bytes already read belong to the next generation. The hold began after {@code isQuiescing} was
     * read and before the socket was: this thread may have stood in between for long enough for the next generation to
     * answer a request, and these bytes may have been sent after that.
     */
    private static boolean belongsToNext(Reading reading) {
        return reading == Reading.KEPT || reading == Reading.NONE;
    }

    private int leaveUnread(ByteBuf buffer) {
        handoff().keep(buffer);
        channel.readPendingCleared();
        return 0;
    }

    private int readUnread(ByteBuf buffer) {
        channel.unsafe().recvBufAllocHandle().attemptedBytesRead(buffer.writableBytes());
        return connection.read(buffer);
    }

    private int readSocket(ByteBuf buffer) throws Exception {
        try {
            int length = encrypted == null ? channel.readSocket(buffer) : encrypted.read(buffer);
            endedByPeer |= length < 0;
            return length;
        } catch (IOException e) {
            endedByPeer = true;
            throw e;
        }
    }

    void write(ChannelOutboundBuffer buffer) throws Exception {
        boolean some = true;
        writing = true;
        try {
            if (encrypted == null) {
                touched = true;
                channel.writeSocket(buffer);
            } else {
                touched |= encrypted.stream().isEstablished();
                some = encrypted.write(buffer);
            }
        } catch (IOException e) {
            endedByPeer = true;
            throw e;
        } finally {
            writing = false;
        }
        if (!answered && some) {
            answered = true;
            owner.answered();
        }
        if (owner.isQuiescing()) {
            handoff().checkSoon();
        }
    }

    void close() throws Exception {
        if (encrypted != null) {
            encrypted.end();
        }
        boolean isAtAnEnd = false;
        if (lettingGo || gone) {
            gone = true;
        } else if (connection.closeTls() && !connection.hasLastWords()) {
            channel.closeSocket();
            connection.end();
        } else { // a reset would destroy what the peer is still to be told by TLS
            gone = true;
            isAtAnEnd = true;
            deregisterKey();
        }
        disposes = owner.left(this, this::departure);
        if (isAtAnEnd && disposes) {
            connection.closeLingering();
        }
    }

    /** Tells the peer by TLS that nothing more comes. */
    void closeTls() {
        var unused = connection.closeTls();
    }

    /** TLS has failed: for the application the connection ends, and the peer gets the alert. */
    private void failed() {
        endedByPeer = true;
        if (channel.isActive() && !lettingGo) {
            letGo(Connection::closeLingering);
        }
    }

    private Departure departure() {
        Departure otherwise = endedByPeer ? Departure.ENDED_BY_PEER : Departure.ENDED_BY_APPLICATION;
        Handoff current = handoff;
        return current == null ? otherwise : current.departure().orElse(otherwise);
    }

    /** Whether the channel is closed for this owner while the socket lives on. May be called from any thread. */
    boolean isGone() {
        return gone;
    }

    // Operations on the connection, called by the supervisor.

    private Handoff handoff() {
        Handoff current = handoff;
        if (current == null) {
            current = new Handoff(channel);
            handoff = current;
        }
        return current;
    }

    /**
     * Returns when the waiting request came, by {@link System#nanoTime}; 0 if none waits. May be called from any
     * thread.
     */
    long waitingSince() {
        Handoff current = handoff;
        return current == null || lettingGo ? 0 : current.waitingSince();
    }

    /** Called when the generation begins to hold. */
    void held() {
        handoff().held();
    }

    /** Called when the generation goes on serving after a hold. */
    void resume() {
        handoff().resume();
    }

    /** Ends the connection with its next response: the supervisor stops soon. */
    void endWithResponse() {
        endsWithResponse = true;
        handoff().endWithResponse();
    }

    /** Ends the connection with its next response if no other process could go on with it. */
    void leaveProcess() {
        if (!connection.canLeaveProcess()) {
            endWithResponse();
        }
    }

    /** Takes {@link #endWithResponse} back, if the client has not been told yet. */
    void goOnAfterResponse() {
        endsWithResponse = false;
        handoff().goOnAfterResponse();
    }

    /** Leaves, at once or when it can: a newer generation has taken over, or the supervisor stops. */
    void leave() {
        handoff().leave();
    }

    /** Leaves, but when the supervisor stops, reads once more first: requests that have arrived by now are answered. */
    void leaveAfterWhatHasCome() {
        boolean wantsToRead = channel.config().isAutoRead() || handoff().hasRefusedRead();
        if (phase() == Phase.DISMISSED && channel.isActive() && wantsToRead) {
            readsOnceMore = true;
            readNow();
            readsOnceMore = false;
        }
        leave();
    }

    /**
     * @param given for the next generation; null if nothing is
     * @throws IllegalStateException if the connection can't be handed off, or this is not its event loop
     */
    void handOff(byte @Nullable [] given) {
        if (!channel.isRegistered() || !channel.eventLoop().inEventLoop()) {
            throw new IllegalStateException(
                    "can't hand off " + channel + ": not on its event loop (use channel.eventLoop().execute)");
        }
        handoff().handOff(given);
    }

    /** Closes the connection for good, at the drain deadline. */
    void end() {
        handoff().end();
    }

    /** Takes the connection back if its event loop has not begun with it. May be called from any thread. */
    void reclaim() {
        if (claimed.compareAndSet(false, true)) {
            gone = true;
            if (owner.left(this, () -> Departure.MOVED_IDLE)) {
                connection.offer();
            }
        }
    }

    /** Closes the socket without its event loop, which does not respond. May be called from any thread. */
    void endFromOutside() {
        if (owner.left(this, () -> Departure.ENDED_AT_DEADLINE)) {
            connection.closeLingering();
        }
    }

    // WebSocketHandler.Owner

    @Override
    public boolean keepsMessages() {
        return owner.isQuiescing() && handoff().keepsMessages();
    }

    @Override
    public void keep(ByteBuf bytes) {
        handoff().keep(bytes);
    }

    @Override
    public void accepted() {
        channel.later(() -> {
            if (wantsToRead && channel.isActive()) {
                wantsToRead = false;
                channel.read();
            }
        });
        if (owner.isQuiescing()) {
            handoff().checkSoon();
        }
    }

    @Override
    public void refused() {
        if (channel.isActive() && !lettingGo) {
            letGo(Connection::closeLingering);
        }
    }

    // What Handoff needs.

    boolean movesWebSockets() {
        return owner.movesWebSockets();
    }

    ConnectionChannel channel() {
        return channel;
    }

    Connection connection() {
        return connection;
    }

    /** Returns the phase of the generation, as far as it is that of this connection: it may have to end. */
    Phase phase() {
        Phase phase = owner.phase();
        boolean ends = phase == Phase.SUPERSEDED && owner.leavesProcess() && !connection.canLeaveProcess();
        return ends ? Phase.DISMISSED : phase;
    }

    boolean isUntouched() {
        return !touched;
    }

    boolean hasBufferingHandler() {
        return hasBufferingHandler;
    }

    boolean isWriting() {
        return writing;
    }

    void letGo(Consumer<Connection> next) {
        lettingGo = true;
        channel.resetLinger();
        deregisterKey();
        channel.unsafe().close(channel.newPromise().addListener(closed -> {
            if (disposes) {
                next.accept(connection);
            }
        }));
    }

    /**
     * Cancels the selection key before the close. Otherwise the old selector could report bytes that are the next
     * owner's before Netty deregisters the channel.
     */
    private void deregisterKey() {
        try {
            channel.deregisterKey();
        } catch (Exception e) {
            LOG.warn("can't deregister {}", channel, e);
        }
    }

    @Override
    public String toString() {
        return channel.toString();
    }
}
