package dev.supervisor.socket.netty;

import dev.supervisor.Departure;
import dev.supervisor.socket.Connection;
import dev.supervisor.socket.http.ConnectionCloseHandler;
import dev.supervisor.socket.http.HandoffState;
import dev.supervisor.socket.http.HandoffState.Leave;
import dev.supervisor.socket.http.HandoffState.Phase;
import dev.supervisor.socket.http.HandoffState.Reading;
import dev.supervisor.socket.http.HttpBoundary;
import dev.supervisor.socket.http.LastResponseHandler;
import dev.supervisor.socket.http.ProtocolProgress;
import dev.supervisor.socket.http.RequestBoundaryHandler;
import dev.supervisor.spi.Superseded;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a connection out of its generation: {@link HandoffState} decides, from the progress of the connection's
 * protocol, and this class carries it out. Made when the generation holds or is superseded, or the supervisor is about to
 * stop, for the first time.
 *
 * <p>Unless a method says otherwise, it runs on the channel's event loop.
 */
final class Handoff {

    private static final Logger LOG = LoggerFactory.getLogger(Handoff.class);

    private static final long NOT_WAITING = 0;

    /** How long handlers on other threads than the event loop may keep the question whether a WebSocket may move. */
    private static final long ANSWERS_WITHIN_MILLIS = 1000;

    /** Whether the application lets its WebSocket move. */
    private enum Consent {
        NOT_ASKED,
        ASKED,
        GIVEN,
        REFUSED
    }

    private final HandoffChannel channel;
    private final Connection connection;

    private HandoffState handoffState = HandoffState.INITIAL;

    /** When a request came that waits for the next generation; other threads read it to count the held requests. */
    private volatile long waitingSince = NOT_WAITING;

    /** Something was under way when the generation stopped doing new work. */
    private boolean wasBusy;

    private boolean toldSuperseded;
    private boolean askedToLeave;

    /** A read of the application's was refused because the supervisor stops. */
    private boolean refusedRead;

    /** GOAWAY is sent with the next HTTP/2 stream, or has been sent. */
    private boolean awaitsStream;

    private boolean listensForStreams;

    /** The peer was told by HTTP/1 that no further request is answered. */
    private boolean closing;

    private boolean checkScheduled;

    private Consent consent = Consent.NOT_ASKED;
    private boolean settlesLater;

    /** The handlers in the pipeline of a busy connection that find its message boundary. */
    private List<ChannelHandler> watching = List.of();

    Handoff(HandoffChannel channel) {
        this.channel = channel;
        this.connection = channel.connection();
    }

    /**
     * Returns when the waiting request came, by {@link System#nanoTime}; 0 if none waits. May be called from any
     * thread.
     */
    long waitingSince() {
        return waitingSince;
    }

    Optional<Departure> departure() {
        return handoffState.departure();
    }

    boolean isLeaving() {
        return handoffState.isLeaving();
    }

    /** Whether anything may be read at all. */
    boolean isReading() {
        return handoffState.state() == HandoffState.State.READING;
    }

    /** Decides how to read the bytes that have come. */
    Reading readable() {
        if (isAboutToBeAskedToLeave()) {
            refusedRead = true;
            return Reading.NONE;
        }
        HandoffState.Admitted readable = handoffState.readable(channel.phase(), progress(), connection.hasUnread());
        handoffState = readable.next();
        if (readable.reading() == Reading.DIVIDED) {
            watch();
        }
        checkSoon(); // these bytes may be the last that were missing
        return readable.reading();
    }

    boolean hasRefusedRead() {
        return refusedRead;
    }

    /** Keeps bytes of the next request, for the next generation. */
    void keep(ByteBuf bytes) {
        connection.pushBack(bytes);
        if (waitingSince == NOT_WAITING && !isLeaving()) {
            waitingSince = Math.max(1, System.nanoTime());
        }
    }

    /** Called when the generation holds: watches the work under way, since its response may be the last. */
    void held() {
        if (!channel.isActive() || channel.phase() == Phase.SERVING) {
            return;
        }
        ProtocolProgress progress = progress();
        wasBusy |= progress.isBusy() || !hasNothingToWrite();
        if (progress instanceof ProtocolProgress.Streams streams && streams.active() > 0) {
            goAway();
        } else if (!progress.isFree()) {
            watch();
        }
    }

    /** Called when the generation goes on serving: reads the bytes that have waited. */
    void resume() {
        if (!channel.isActive() || isLeaving()) {
            return;
        }
        watching.forEach(this::remove);
        watching = List.of();
        boolean hasWaited = !isReading() || connection.hasUnread();
        handoffState = handoffState.resumed();
        waitingSince = NOT_WAITING;
        wasBusy = false;
        consent = Consent.NOT_ASKED;
        toldSuperseded = false; // if the generation had been superseded, and was reinstated
        askedToLeave = false;
        if (hasWaited) {
            channel.read();
        }
    }

    /** Removes the handler, unless the application has removed it. */
    private void remove(ChannelHandler handler) {
        if (channel.pipeline().context(handler) != null) {
            channel.pipeline().remove(handler);
        }
    }

    /**
     * Ends the connection with the answer to its next request, or to one that is under way, and tells the peer so in that
     * answer: the supervisor stops soon. Called again before each read, since the protocol may be known only later.
     */
    void endWithResponse() {
        Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
        HttpServerCodec codec = http2 == null ? codec() : null;
        if (http2 != null && !awaitsStream) {
            awaitsStream = true;
            goAwayWithStream(http2);
        } else if (codec != null && channel.pipeline().get(ConnectionCloseHandler.class) == null) {
            ConnectionCloseHandler close = new ConnectionCloseHandler(
                    () -> isAwaitingLastResponse(codec), () -> closing(codec), this::checkSoon);
            channel.pipeline().addAfter(channel.pipeline().context(codec).name(), null, close);
        }
    }

    /** Takes {@link #endWithResponse} back, unless the peer has been told. */
    void goOnAfterResponse() {
        awaitsStream = false;
        ConnectionCloseHandler close = channel.pipeline().get(ConnectionCloseHandler.class);
        if (close != null && !closing) {
            channel.pipeline().remove(close);
        }
    }

    /** On a connection without streams, GOAWAY waits for the next one: a new client would never get an answer. */
    private void goAwayWithStream(Http2ConnectionHandler http2) {
        if (http2.connection().numActiveStreams() > 0) {
            goAway();
            return;
        }
        if (listensForStreams) {
            return;
        }
        listensForStreams = true;
        http2.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamActive(Http2Stream stream) {
                if (awaitsStream) {
                    channel.later(Handoff.this::goAway); // names the others, too, that come with it
                }
            }
        });
    }

    /** Whether the next response is the last: neither the codec nor the connection has bytes of another request. */
    private boolean isAwaitingLastResponse(HttpServerCodec codec) {
        return HttpBoundary.progressOf(codec).isAwaitingLastResponse()
                && !HttpBoundary.hasUnconsumed(codec)
                && !connection.hasUnread();
    }

    /** Ignores requests from now on: the peer does not expect them to be answered. */
    private void closing(HttpServerCodec codec) {
        closing = true;
        channel.pipeline()
                .addFirst(new RequestBoundaryHandler(
                        bytes -> HttpBoundary.shareOf(codec, bytes), bytes -> bytes.skipBytes(bytes.readableBytes())));
    }

    /** Leaves now, or as soon as possible: a newer generation has taken over, or the supervisor stops. */
    void leave() {
        askedToLeave = true;
        if (!channel.isActive() || isLeaving() || toldSuperseded) {
            return;
        }
        held();
        goAway();
        check();
        if (channel.isActive() && !isLeaving() && !toldSuperseded) {
            toldSuperseded = true;
            channel.pipeline().fireUserEventTriggered(Superseded.INSTANCE);
        }
    }

    /** Whether messages of a WebSocket that begin now are the next generation's. */
    boolean keepsMessages() {
        return progress().intake() != ProtocolProgress.Intake.ALL;
    }

    private boolean hasWebSocket() {
        WebSocketHandler webSocket = channel.webSocket();
        return webSocket != null && webSocket.isOpen();
    }

    private boolean mustAsk() {
        return consent == Consent.NOT_ASKED
                && channel.phase() == Phase.SUPERSEDED
                && progress() instanceof ProtocolProgress.WebSocket;
    }

    /**
     * Asks the application whether its WebSocket may move: a handler that keeps the event to itself cares for the
     * connection. Asks once more if the WebSocket was opened after the event.
     */
    private void ask() {
        consent = Consent.ASKED;
        toldSuperseded = true;
        ChannelHandler last = new ConsentHandler(() -> {
            consent = Consent.GIVEN;
            checkSoon();
        });
        channel.pipeline().addLast(last);
        channel.pipeline().fireUserEventTriggered(Superseded.INSTANCE);
        if (consent == Consent.ASKED && !isOnOneLoop()) {
            channel.eventLoop()
                    .schedule(() -> answered(last), ANSWERS_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
                    .addListener(late -> LOG.debug("{} lets its WebSocket move: {}", channel, consent));
        } else {
            answered(last);
        }
    }

    private void answered(ChannelHandler last) {
        remove(last);
        if (consent == Consent.ASKED) {
            consent = Consent.REFUSED;
            checkSoon(); // what has waited is read here after all
        }
    }

    private boolean isOnOneLoop() {
        for (Map.Entry<String, ChannelHandler> entry : channel.pipeline()) {
            if (!channel.pipeline().context(entry.getKey()).executor().inEventLoop()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Moves the connection because the application is at a message boundary of its own protocol.
     *
     * @param given for the next generation; null if nothing is
     */
    void handOff(byte @Nullable [] given) {
        if (!channel.isActive() || isLeaving()) {
            throw cantHandOff("it is closed, or has been handed off before");
        }
        if (channel.phase() != Phase.SUPERSEDED && channel.phase() != Phase.DISMISSED) {
            throw cantHandOff("no newer generation has taken over (wait for the user event Superseded)");
        }
        if (Tls.isIn(channel.pipeline())) {
            throw cantHandOff("the keys of its TLS session belong to this generation");
        }
        if (hasSomethingToWrite()) {
            throw cantHandOff("something is still to be written (wait for the future of the last write)");
        }
        checkWebSocket();
        boolean stopping = channel.phase() == Phase.DISMISSED; // the gate closes it in this case
        move(stopping ? Departure.ENDED_AT_STOP : Departure.HANDED_OFF, given);
    }

    /** The next generation begins with the next message. */
    private void checkWebSocket() {
        WebSocketHandler webSocket = channel.webSocket();
        if (webSocket != null && webSocket.isReplaying()) {
            throw cantHandOff("the request that has opened its WebSocket is not answered");
        }
        if (webSocket == null || !webSocket.isOpen()) {
            return;
        }
        if (!channel.movesWebSockets()) {
            throw cantHandOff("a WebSocket can't go on in another process");
        }
        if (!(webSocket.progress() instanceof ProtocolProgress.WebSocket progress)) {
            throw cantHandOff("its WebSocket is being closed, or has sent what is no WebSocket frame");
        }
        if (progress.isBusy()) {
            throw cantHandOff("a part of a message has come or been sent (call it again after the next message)");
        }
    }

    private IllegalStateException cantHandOff(String why) {
        return new IllegalStateException("can't hand off " + channel + ": " + why);
    }

    /** Closes the connection for good, at the drain deadline. */
    void end() {
        if (channel.isActive() && !isLeaving()) {
            handoffState = handoffState.leaving(Departure.ENDED_AT_DEADLINE);
            closeLingering();
        }
    }

    /** Checks in a later task: listeners of the application that close after the last write must run first. */
    void checkSoon() {
        if (!checkScheduled) {
            checkScheduled = true;
            channel.later(() -> {
                checkScheduled = false;
                check();
            });
        }
    }

    /**
     * Whether the supervisor stops and this event loop is about to read once more and then to call {@link #leave}. A
     * check in between would close the connection before the request that has come is read.
     */
    private boolean isAboutToBeAskedToLeave() {
        return channel.phase() == Phase.DISMISSED && !askedToLeave;
    }

    private void check() {
        if (!channel.isActive()
                || isAboutToBeAskedToLeave()
                || (channel.phase() == Phase.SERVING && !progress().isOver())) {
            return;
        }
        if (mustAsk()) {
            ask();
            if (!channel.isActive() || isLeaving()) {
                return;
            }
        }
        ProtocolProgress progress = progress();
        if (connection.hasUnread() && progress instanceof ProtocolProgress.Streams) {
            goAway(); // HTTP/2 state can't move: what the peer has begun here it begins anew, on another connection
            progress = progress();
        }
        if (connection.hasUnread() && progress.intake() == ProtocolProgress.Intake.ALL) {
            readKept();
        }
        HandoffState.Checked checked =
                handoffState.check(channel.phase(), progress, hasNothingToWrite(), wasBusy, connection.hasUnread());
        if (checked.leave() == Leave.MOVE) {
            move(checked.next().departure().orElseThrow(), null);
        } else if (checked.leave() == Leave.CLOSE) {
            handoffState = checked.next();
            closeLingering();
        } else if (consent == Consent.GIVEN && !progress.isBusy()) {
            checkWhenSettled();
        }
    }

    /** Answers to the last message may still come: from other threads of the application. */
    private void checkWhenSettled() {
        WebSocketHandler webSocket = channel.webSocket();
        long settlesIn = webSocket == null ? 0 : webSocket.settlesIn();
        if (settlesIn > 0 && !settlesLater) {
            settlesLater = true;
            var unused = channel.eventLoop()
                    .schedule(
                            () -> {
                                settlesLater = false;
                                check();
                            },
                            settlesIn,
                            TimeUnit.NANOSECONDS);
        }
    }

    /** Reads the kept bytes here after all: the protocol has changed, and they belong to the new one. */
    private void readKept() {
        handoffState = handoffState.resumed();
        waitingSince = NOT_WAITING;
        channel.read();
    }

    private ProtocolProgress progress() {
        if (channel.isUntouched()) {
            return new ProtocolProgress.Untouched();
        }
        if (hasWebSocket()) {
            return progressOfWebSocket();
        }
        Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
        if (http2 != null) {
            return new ProtocolProgress.Streams(
                    http2.connection().numActiveStreams(), http2.connection().goAwaySent());
        }
        HttpServerCodec codec = codec();
        if (codec == null) {
            return new ProtocolProgress.Opaque();
        }
        ProtocolProgress.Http progress = HttpBoundary.progressOf(codec);
        return closing ? progress.asClosing() : progress;
    }

    /** A WebSocket that does not move is what it is without all this: of a protocol that the supervisor does not know. */
    private ProtocolProgress progressOfWebSocket() {
        WebSocketHandler handler = channel.webSocket();
        ProtocolProgress followed = handler == null ? new ProtocolProgress.Opaque() : handler.progress();
        if (!(followed instanceof ProtocolProgress.WebSocket progress)
                || channel.phase() == Phase.DISMISSED
                || !channel.movesWebSockets()
                || consent == Consent.REFUSED) {
            return new ProtocolProgress.Opaque();
        }
        return consent == Consent.GIVEN ? progress : progress.unsettled();
    }

    private @Nullable HttpServerCodec codec() {
        return channel.hasBufferingHandler() || hasWebSocket() ? null : HttpBoundary.codecIn(channel.pipeline());
    }

    /** Adds handlers that read nothing of the next request and recognize a last response. */
    private void watch() {
        HttpServerCodec codec = codec();
        if (watching.isEmpty() && codec != null) {
            LastResponseHandler lastResponse = new LastResponseHandler(() -> handoffState = handoffState.last());
            RequestBoundaryHandler boundaryHandler = new RequestBoundaryHandler(this::shareOf, this::keep);
            channel.pipeline().addAfter(channel.pipeline().context(codec).name(), null, lastResponse);
            channel.pipeline().addFirst(boundaryHandler);
            watching = List.of(lastResponse, boundaryHandler);
        }
    }

    /** Returns all bytes if the codec has left meanwhile: the protocol has changed. */
    private int shareOf(ByteBuf bytes) {
        HttpServerCodec codec = channel.phase() == Phase.SERVING ? null : codec();
        return codec == null ? bytes.readableBytes() : HttpBoundary.shareOf(codec, bytes);
    }

    private void goAway() {
        Http2ConnectionHandler http2 = channel.pipeline().get(Http2ConnectionHandler.class);
        if (http2 != null && !http2.connection().goAwaySent()) {
            ProtocolClose.goAway(channel.pipeline(), http2).addListener(said -> checkSoon());
            http2.connection().addListener(new Http2ConnectionAdapter() {
                @Override
                public void onStreamRemoved(Http2Stream stream) {
                    checkSoon();
                }
            });
        }
    }

    private boolean hasNothingToWrite() {
        @Nullable ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer != null && buffer.isEmpty() && buffer.totalPendingWriteBytes() == 0;
    }

    /** While the future of a write is notified, the bytes of that write still count as pending. */
    private boolean hasSomethingToWrite() {
        if (!channel.isWriting()) {
            return !hasNothingToWrite();
        }
        @Nullable ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer == null) {
            return false;
        }
        buffer.addFlush();
        return !buffer.isEmpty();
    }

    private void move(Departure how, byte @Nullable [] given) {
        handoffState = handoffState.leaving(how);
        if (!channel.isUntouched()) {
            UnreadBytes.takeFrom(channel.pipeline(), connection::pushBack);
            WebSocketHandler webSocket = channel.webSocket();
            connection.leave(webSocket == null ? new byte[0] : webSocket.request(), given);
        } else if (given != null) {
            connection.leave(connection.webSocketRequest(), given);
        }
        connection.setIdle(
                !channel.isUntouched() && !wasBusy && waitingSince == NOT_WAITING && !connection.hasUnread());
        channel.letGo(Connection::offer);
    }

    private void closeLingering() {
        ProtocolClose.say(channel).addListener(said -> {
            if (channel.isActive()) {
                channel.letGo(Connection::closeLingering);
            }
        });
    }
}
