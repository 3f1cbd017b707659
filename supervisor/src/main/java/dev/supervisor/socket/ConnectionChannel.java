package dev.supervisor.socket;

import dev.supervisor.socket.Passage.Leave;
import dev.supervisor.socket.Passage.Reading;
import dev.supervisor.spi.Superseded;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection while one generation has it. Unlike its parent it can let go of its socket: it is closed then, for its
 * handlers and for Netty, while the socket lives on and goes to the next owner. {@link Passage} says when.
 *
 * <p>While it serves, all of this costs a read of one volatile field for each read and write of the socket. Everything
 * but what says otherwise happens on the connection's event loop.
 */
final class ConnectionChannel extends NioSocketChannel {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionChannel.class);
    private static final long NOT_WAITING = 0;

    private final Connection connection;
    private final Connections connections;

    /** An event loop has begun with it, or somebody has taken it back before one did. */
    private final AtomicBoolean claimed = new AtomicBoolean();

    /** When a request came that has to wait for the next generation; read by other threads for the count of the held. */
    private volatile long waitingSince = NOT_WAITING;

    private volatile boolean lettingGo;

    /** Closed for this owner; the socket lives on. */
    private volatile boolean gone;

    private Passage passage = Passage.INITIAL;

    /** Something has been read or written. */
    private boolean touched;

    /** At its first read there was a handler that keeps bytes; it may have left since, but they have not come twice. */
    private boolean tied;

    /** Something was under way when the generation began to do no new work. */
    private boolean wasBusy;

    private boolean toldSuperseded;

    private boolean endedByPeer;
    private boolean readsOnceMore;
    private boolean writing;
    private boolean checkScheduled;

    /** What watches a connection that is busy while its generation does no new work. */
    private List<ChannelHandler> watching = List.of();

    ConnectionChannel(SupervisedServerChannel parent, Connection connection, Connections connections) {
        super(parent, connection.socket());
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
        if (passage.state() != Passage.State.READING) {
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
        if (connections.isQuiescing() && !readsOnceMore && !mayRead()) {
            return 0;
        }
        if (!touched) {
            tied = HttpBoundary.keepsBytesAhead(pipeline());
            touched = true;
        }
        return connection.hasUnread() ? readUnread(buffer) : readSocket(buffer);
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
            checkSoon();
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
        connections.left(this, departure());
    }

    private Departure departure() {
        return passage.departure().orElse(endedByPeer ? Departure.ENDED_BY_PEER : Departure.ENDED_BY_APPLICATION);
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
    long waitingSince() {
        return waitingSince;
    }

    /** The generation holds: what was begun is watched, since its response may be the last. */
    void held() {
        if (isActive() && connections.isQuiescing()) {
            Progress progress = progress();
            wasBusy |= !progress.isFree() || !hasNothingToWrite();
            if (progress instanceof Progress.Streams streams && streams.active() > 0) {
                goAway();
            } else if (!progress.isFree()) {
                watch();
            }
        }
    }

    /** The generation goes on serving: reads what has been waiting. */
    void resume() {
        if (!isActive() || passage.isLeaving()) {
            return;
        }
        watching.forEach(pipeline()::remove);
        watching = List.of();
        boolean hasWaited = passage.state() == Passage.State.STOPPED || connection.hasUnread();
        passage = passage.resumed();
        wasBusy = false;
        waitingSince = NOT_WAITING;
        if (hasWaited) {
            read();
        }
    }

    /** The generation still holds: gives up a request that has waited for so long. */
    void expire(Duration holdTimeout) {
        boolean expired = waitingSince != NOT_WAITING && System.nanoTime() - waitingSince >= holdTimeout.toNanos();
        if (!expired || !isActive() || connections.phase() != Passage.Phase.HOLDING || passage.isLeaving()) {
            return;
        }
        Progress progress = progress();
        if (progress instanceof Progress.Streams) {
            goAway();
        } else if (progress.isFree() && !passage.ending() && hasNothingToWrite()) {
            passage = passage.leaving(Departure.MOVED_IDLE);
            move(connection.gate()::offerExpired);
        }
    }

    /** A newer generation has taken over, or the supervisor stops: leaves now, or as soon as it can. */
    void leave() {
        if (!isActive() || passage.isLeaving() || toldSuperseded) {
            return;
        }
        held();
        goAway();
        check();
        if (!passage.isLeaving()) {
            toldSuperseded = true;
            pipeline().fireUserEventTriggered(Superseded.INSTANCE);
        }
    }

    /** When the supervisor stops, requests that have arrived by now are answered. */
    void leaveAfterWhatHasCome() {
        if (connections.phase() == Passage.Phase.DISMISSED && isActive() && config().isAutoRead()) {
            readsOnceMore = true;
            readNow();
            readsOnceMore = false;
        }
        leave();
    }

    /** The application is at a message boundary of its own and gives the connection to the next generation. */
    void handOff() {
        if (!isRegistered() || !eventLoop().inEventLoop()) {
            throw cantHandOff("not on its event loop (use channel.eventLoop().execute)");
        }
        if (!isActive() || passage.isLeaving()) {
            throw cantHandOff("it is closed, or has been handed off before");
        }
        if (!connections.isLeaving()) {
            throw cantHandOff("no newer generation has taken over (wait for the user event Superseded)");
        }
        if (pipeline().get(SslHandler.class) != null) {
            throw cantHandOff("the keys of its TLS session belong to this generation");
        }
        if (hasSomethingToWrite()) {
            throw cantHandOff("something is still to be written (wait for the future of the last write)");
        }
        boolean stopping = connections.phase() == Passage.Phase.DISMISSED;
        passage = passage.leaving(stopping ? Departure.ENDED_AT_STOP : Departure.HANDED_OFF);
        move(connection.gate()::offer); // which closes it, if the supervisor stops
    }

    private IllegalStateException cantHandOff(String why) {
        return new IllegalStateException("can't hand off " + this + ": " + why);
    }

    /** Closes it for good, at the drain deadline. */
    void end() {
        if (isActive() && !passage.isLeaving()) {
            passage = passage.leaving(Departure.ENDED_AT_DEADLINE);
            Farewell.say(this).addListener(said -> {
                if (isActive()) {
                    letGo(connection.gate()::seeOff);
                }
            });
        }
    }

    /** Takes it back from an event loop that has not begun with it. From any thread. */
    void reclaim() {
        if (claimed.compareAndSet(false, true)) {
            gone = true;
            connections.left(this, Departure.MOVED_IDLE);
            connection.gate().offer(connection);
        }
    }

    /** Closes the socket behind the back of an event loop that does not answer. From any thread. */
    void endFromOutside() {
        connections.left(this, Departure.ENDED_AT_DEADLINE);
        connection.gate().seeOff(connection);
    }

    // How it does that.

    private boolean mayRead() {
        Passage.Admitted readable = passage.readable(connections.phase(), progress(), connection.hasUnread());
        passage = readable.next();
        if (readable.reading() == Reading.NONE) {
            waits();
            clearReadPending();
            return false;
        }
        if (readable.reading() == Reading.DIVIDED) {
            watch();
        }
        checkSoon(); // what is read may be the last that was missing
        return true;
    }

    /** A request has come that is the next generation's. */
    private void waits() {
        if (waitingSince == NOT_WAITING && !passage.isLeaving()) {
            waitingSince = Math.max(1, System.nanoTime());
        }
    }

    private void keep(ByteBuf bytes) {
        connection.pushBack(bytes);
        waits();
    }

    private Progress progress() {
        if (!touched) {
            return new Progress.Untouched();
        }
        Http2ConnectionHandler http2 = pipeline().get(Http2ConnectionHandler.class);
        if (http2 != null) {
            return new Progress.Streams(
                    http2.connection().numActiveStreams(), http2.connection().goAwaySent());
        }
        HttpServerCodec codec = codec();
        return codec == null ? new Progress.Opaque() : HttpBoundary.progressOf(codec);
    }

    private @Nullable HttpServerCodec codec() {
        return tied ? null : HttpBoundary.codecIn(pipeline());
    }

    /** Sees to it that nothing of the next request is read, and that a last response is known for one. */
    private void watch() {
        HttpServerCodec codec = codec();
        if (watching.isEmpty() && codec != null) {
            LastResponse lastResponse = new LastResponse(() -> passage = passage.last());
            Divider divider = new Divider(this::shareOf, this::keep);
            pipeline().addAfter(pipeline().context(codec).name(), null, lastResponse);
            pipeline().addFirst(divider);
            watching = List.of(lastResponse, divider);
        }
    }

    /** All, if the codec has left meanwhile: the protocol has been changed. */
    private int shareOf(ByteBuf bytes) {
        HttpServerCodec codec = connections.isQuiescing() ? codec() : null;
        return codec == null ? bytes.readableBytes() : HttpBoundary.shareOf(codec, bytes);
    }

    private void goAway() {
        Http2ConnectionHandler http2 = pipeline().get(Http2ConnectionHandler.class);
        if (http2 != null && !http2.connection().goAwaySent()) {
            Farewell.goAway(pipeline(), http2).addListener(said -> checkSoon());
            http2.connection().addListener(new Http2ConnectionAdapter() {
                @Override
                public void onStreamRemoved(Http2Stream stream) {
                    checkSoon();
                }
            });
        }
    }

    /** Not at once: listeners of the application that close after the last write come first. */
    private void checkSoon() {
        if (!checkScheduled) {
            checkScheduled = true;
            eventLoop().execute(() -> {
                checkScheduled = false;
                check();
            });
        }
    }

    private void check() {
        if (!isActive()) {
            return;
        }
        Progress progress = progress();
        if (connection.hasUnread() && progress.intake() == Progress.Intake.ALL) {
            readKept();
        }
        Passage.Checked checked = passage.check(connections.phase(), progress, hasNothingToWrite(), wasBusy);
        passage = checked.next();
        if (checked.leave() == Leave.MOVE) {
            move(connection.gate()::offer);
        } else if (checked.leave() == Leave.CLOSE) {
            letGo(connection.gate()::seeOff);
        }
    }

    /** The protocol has been changed: what came too early for that belongs to it. */
    private void readKept() {
        passage = passage.resumed();
        waitingSince = NOT_WAITING;
        read();
    }

    private boolean hasNothingToWrite() {
        @Nullable ChannelOutboundBuffer buffer = unsafe().outboundBuffer();
        return buffer != null && buffer.isEmpty() && buffer.totalPendingWriteBytes() == 0;
    }

    /** While a future of a write is told, the bytes of that one still count as pending. */
    private boolean hasSomethingToWrite() {
        if (!writing) {
            return !hasNothingToWrite();
        }
        @Nullable ChannelOutboundBuffer buffer = unsafe().outboundBuffer();
        if (buffer == null) {
            return false;
        }
        buffer.addFlush();
        return !buffer.isEmpty();
    }

    private void move(Consumer<Connection> next) {
        if (touched) {
            Unread.takeFrom(pipeline(), connection::pushBack);
        }
        letGo(next);
    }

    /** Closes this channel, and passes the connection on to its next owner, which is on another event loop. */
    private void letGo(Consumer<Connection> next) {
        lettingGo = true;
        waitingSince = NOT_WAITING;
        resetLinger();
        deregisterKey();
        unsafe().close(newPromise().addListener(closed -> next.accept(connection)));
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
