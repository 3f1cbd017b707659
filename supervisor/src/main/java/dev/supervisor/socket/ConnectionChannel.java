package dev.supervisor.socket;

import dev.supervisor.spi.Superseded;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection while one generation has it. Unlike its parent it can let go of its socket: it is closed then, for its
 * handlers and for Netty, while the socket lives on and goes to the next owner.
 *
 * <pre>
 *            generation holds, and a request        generation is superseded,
 *            comes at a message boundary            at a message boundary
 *   serving ────────────────────────────▶ parked ─────────────────────────▶ let go
 *      ▲  └───────────────────────────────────┼──────────────────────────────▲
 *      └────────── generation resumes ────────┘
 * </pre>
 *
 * <p>While it serves, all of this costs a read of one volatile field for each read and write of the socket. Everything
 * but what says otherwise happens on the connection's event loop.
 */
final class ConnectionChannel extends NioSocketChannel {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionChannel.class);
    private static final long NOT_PARKED = 0;

    private final Connections connections;
    private final Gate gate;

    /** When a request came that has to wait for the next generation; read by other threads for the count of the held. */
    private volatile long parkedSince = NOT_PARKED;

    private boolean looked;

    /** At its first read there was a handler that keeps bytes; it may have left since, but they have not come twice. */
    private boolean tied;

    private boolean checkScheduled;
    private boolean toldSuperseded;
    private boolean lastResponseObserved;

    /** The response that is being written closes the connection, or the supervisor does. */
    private boolean ending;

    private volatile boolean lettingGo;
    private volatile boolean gone;

    ConnectionChannel(SupervisedServerChannel parent, SocketChannel socket, Connections connections, Gate gate) {
        super(parent, socket);
        this.connections = connections;
        this.gate = gate;
    }

    // What Netty asks of the socket.

    @Override
    protected void doRegister(ChannelPromise promise) {
        super.doRegister(promise);
        if (connections.isSuperseded()) {
            eventLoop().execute(this::superseded);
        }
    }

    @Override
    protected void doBeginRead() throws Exception {
        if (parkedSince == NOT_PARKED && !lettingGo) {
            super.doBeginRead();
        }
    }

    @Override
    protected int doReadBytes(ByteBuf buffer) throws Exception {
        if (!looked) {
            looked = true;
            tied = HttpBoundary.keepsBytesAhead(pipeline());
        }
        if (connections.isQuiescing()) {
            if (lettingGo || park()) {
                return 0;
            }
            checkSoon();
        }
        return super.doReadBytes(buffer);
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer buffer) throws Exception {
        super.doWrite(buffer);
        if (connections.isQuiescing()) {
            checkSoon();
        }
    }

    @Override
    protected void doClose() throws Exception {
        if (lettingGo) {
            gone = true;
        } else {
            super.doClose();
        }
        connections.left(this);
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

    /** When a waiting request came, as {@link System#nanoTime}; 0 if none waits. From any thread. */
    long parkedSince() {
        return parkedSince;
    }

    /** The generation goes on serving: reads what has been waiting. */
    void resume() {
        if (parkedSince != NOT_PARKED && isOpen()) {
            parkedSince = NOT_PARKED;
            read();
        }
    }

    /** The generation holds: what was begun is watched, since its response may be the last. */
    void held() {
        if (isActive() && !lastResponseObserved && !isFree()) {
            HttpServerCodec codec = HttpBoundary.codecIn(pipeline());
            if (codec != null) {
                lastResponseObserved = true;
                LastResponse.observe(pipeline(), codec, () -> ending = true);
            }
        }
    }

    /** The generation still holds: gives up a request that has waited for so long. */
    void expire(Duration holdTimeout) {
        boolean expired = parkedSince != NOT_PARKED && System.nanoTime() - parkedSince >= holdTimeout.toNanos();
        if (expired && connections.isQuiescing() && isActive() && !lettingGo && !ending && isFree()) {
            letGo(gate::offerExpired);
        }
    }

    /** A newer generation has taken over: moves to it now, or as soon as it can. */
    void superseded() {
        if (!isActive() || toldSuperseded) {
            return;
        }
        toldSuperseded = true;
        held();
        moveIfFree();
        if (!lettingGo) {
            pipeline().fireUserEventTriggered(Superseded.INSTANCE);
        }
    }

    /** Closes it for good, at the drain deadline. */
    void end() {
        ending = true;
        close().addListener(closed -> LOG.debug("ended {}", this));
    }

    /** Closes the socket behind the back of an event loop that does not answer. From any thread. */
    void endFromOutside() {
        Gate.close(javaChannel());
        connections.left(this);
    }

    /** Stops reading if no message has begun; the bytes wait in the kernel. */
    private boolean park() {
        if (parkedSince != NOT_PARKED) {
            return true;
        }
        if (ending || !isFree()) {
            return false;
        }
        parkedSince = Math.max(1, System.nanoTime());
        clearReadPending();
        return true;
    }

    /** Not at once: listeners of the application that close after the last write come first. */
    private void checkSoon() {
        if (!checkScheduled && connections.isSuperseded()) {
            checkScheduled = true;
            eventLoop().execute(() -> {
                checkScheduled = false;
                moveIfFree();
            });
        }
    }

    private void moveIfFree() {
        if (connections.isSuperseded() && isActive() && !lettingGo && !ending && isFree()) {
            connections.movedOne();
            letGo(gate::offer);
        }
    }

    private boolean isFree() {
        HttpServerCodec codec = tied ? null : HttpBoundary.codecIn(pipeline());
        return codec != null && hasNothingToWrite() && HttpBoundary.isBetweenMessages(codec);
    }

    private boolean hasNothingToWrite() {
        @Nullable ChannelOutboundBuffer buffer = unsafe().outboundBuffer();
        return buffer != null && buffer.isEmpty() && buffer.totalPendingWriteBytes() == 0;
    }

    /** Closes this channel, and passes the socket on to its next owner, which is on another event loop. */
    private void letGo(Consumer<SocketChannel> next) {
        lettingGo = true;
        resetLinger();
        deregisterKey();
        SocketChannel socket = javaChannel();
        unsafe().close(newPromise().addListener(closed -> next.accept(socket)));
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
