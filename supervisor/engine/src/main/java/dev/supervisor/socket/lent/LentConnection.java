package dev.supervisor.socket.lent;

import dev.supervisor.Departure;
import dev.supervisor.lending.Borrowed;
import dev.supervisor.lending.Traffic;
import dev.supervisor.socket.Connection;
import dev.supervisor.socket.http.ByteTracker;
import dev.supervisor.socket.http.HandoffState;
import dev.supervisor.socket.http.HandoffState.Leave;
import dev.supervisor.socket.http.HandoffState.Phase;
import dev.supervisor.socket.http.HandoffState.Reading;
import dev.supervisor.socket.http.ProtocolProgress;
import dev.supervisor.socket.http.ProtocolProgress.Intake;
import dev.supervisor.socket.http.WebSocketReplay;
import dev.supervisor.socket.tls.TlsStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that an application has borrowed. While its generation serves, everything passes, and {@link ByteTracker}
 * follows it. {@link HandoffState} decides when the connection leaves: for the application it ends then, like any other, and
 * when the application has closed it the socket goes to its gate.
 *
 * <p>Thread-safe; all state is guarded by this, and nothing waits meanwhile.
 */
final class LentConnection implements Traffic {

    private static final Logger LOG = LoggerFactory.getLogger(LentConnection.class);

    private static final long PAUSE_MILLIS = 5;

    /** How long an application may take to close a connection that has ended for it. */
    private static final long CLOSES_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /**
     * After which silence that follows bytes of the server nothing is under way, in a protocol that is not known. Not shorter,
     * since a server of TLS 1.3 sends its tickets after a first request, and the response only later.
     */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** From the moment when the application has the connection. */
    private static final long HANDSHAKE_SECONDS = 10;

    /** How the socket goes on when the application has closed its channel. */
    private enum Next {
        /** The peer sees the end. */
        END,
        /** The peer sees the end after all bytes that were written. */
        LINGER,
        TO_GATE,
        /** The application was not ready: it is offered once more, a moment later. */
        AGAIN
    }

    private final Connection connection;
    private final SocketChannel socket;
    private final @Nullable TlsStream tls;
    private final LentConnections owner;
    private final LentServer server;
    private ByteTracker tracker;

    /** Null unless the application is still to open a WebSocket that has come from another generation. */
    private @Nullable WebSocketReplay replay;

    private volatile Readiness readiness;
    private volatile @Nullable Borrowed channel;

    /** When a request came that waits for the next generation; 0 if none does. */
    private volatile long waitingSince;

    private HandoffState handoff = HandoffState.INITIAL;
    private Next next = Next.END;
    private Departure departure = Departure.ENDED_BY_APPLICATION;

    /** Why it ends, though it may be the application that ends it: that is being stopped. */
    private @Nullable Departure atStop;

    /** For the application, the connection has ended. */
    private boolean gone;

    /** A direction of the socket is shut down, which another generation could not undo. */
    private boolean shut;

    private long goneSince;
    private boolean closed;
    private boolean finished;
    private boolean endedByPeer;
    private boolean wasBusy;

    private boolean settlesLater;

    /** A request that has come when the supervisor stops is still answered. */
    private boolean readsOnceMore;

    private boolean asked;
    private boolean answered;
    private long lastActivity;
    private boolean lastWasReceived;

    /** Bytes of a GOAWAY that the socket has not taken yet. */
    private @Nullable ByteBuffer unsent;

    private int[] positions = new int[4];

    private final ByteBuffer[] one = new ByteBuffer[1];

    /** TLS has not come so far that anything can be written. */
    private volatile boolean awaitsHandshake;

    private @Nullable Future<?> handshakeDeadline;

    /** Ends the wait for the answer to {@link #replay}. */
    private @Nullable Future<?> answerDeadline;

    /** @throws UncheckedIOException if the connection has ended */
    LentConnection(Connection connection, LentConnections owner, LentServer server) {
        this.connection = connection;
        this.socket = connection.socket();
        this.tls = connection.tls();
        this.owner = owner;
        this.server = server;
        this.tracker = new ByteTracker(owner.owner().answers(), owner.owner().movesWebSockets());
        this.awaitsHandshake = tls != null && !tls.isEstablished();
        this.replay = connection.isWebSocket() ? new WebSocketReplay(connection.webSocketRequest()) : null;
        this.readiness = connection.hasUnread() || replay != null ? Readiness.NOW : Readiness.WITH_SOCKET;
        try {
            socket.configureBlocking(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        owner.accepted(this);
    }

    // Traffic

    @Override
    public SocketChannel socket() {
        return socket;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() throws IOException {
        SocketAddress told = connection.proxiedClient().orElse(null);
        return told == null ? socket.getRemoteAddress() : told;
    }

    @Override
    public @Nullable SocketAddress localAddress() throws IOException {
        SocketAddress told = connection.proxiedServer().orElse(null);
        return told == null ? socket.getLocalAddress() : told;
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void accepted(Borrowed accepted) {
        synchronized (this) { // before anybody knows of the channel, whose lock may be held
            beginTls();
        }
        channel = accepted;
    }

    @Override
    public Readiness readable() {
        return readiness;
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        if (gone) {
            return -1;
        }
        if (unsent != null) {
            return readBehindGoAway();
        }
        if (replay != null && !(owner.isQuiescing() && replay.isUntouched())) {
            return readRequest(replay, target);
        }
        if (!owner.isQuiescing() || readsOnceMore) {
            return readAll(target);
        }
        Reading reading = reading();
        if (reading == Reading.NONE) {
            check();
            return 0;
        }
        int begin = target.position();
        int length = readAny(target);
        return length > 0 ? divide(reading, target, begin) : length;
    }

    /** What has come since is not this generation's: the peer repeats it on another connection when it reads the GOAWAY. */
    private int readBehindGoAway() throws IOException {
        if (!flush()) {
            return 0;
        }
        check();
        updateReadiness();
        return gone ? -1 : 0;
    }

    /** Gives the application the request by which a former one has opened the WebSocket: nothing new begins by it. */
    private int readRequest(WebSocketReplay replaying, ByteBuffer target) {
        int length = replaying.hasUnread() ? replaying.read(target) : 0;
        if (replaying.isAwaitingAnswer() && answerDeadline == null) {
            answerDeadline = later(this::answerOverdue, WebSocketReplay.ANSWER_SECONDS);
        }
        updateReadiness();
        return length;
    }

    private synchronized void answerOverdue() {
        if (replay != null && !gone) {
            refuse();
        }
    }

    private int readAll(ByteBuffer target) throws IOException {
        int begin = target.position();
        int length = readAny(target);
        if (length <= 0) {
            if (length == 0 && readsOnceMore && tls != null && !tls.isInsideRecord()) {
                readsOnceMore = false; // what had come was no plaintext
                check();
            }
            return length;
        }
        owner.owner().passBarrier();
        if (owner.isQuiescing() && !readsOnceMore) {
            // The hold began after that was looked at: these bytes may have been sent after an answer of the next
            // generation.
            return divide(reading(), target, begin);
        }
        readsOnceMore = false;
        received(target, begin, false);
        if (owner.isQuiescing()) {
            check();
        }
        return length;
    }

    private Reading reading() {
        Intake intake = progress().intake();
        if (intake == Intake.ALL || intake == Intake.REST_OF_REQUEST) {
            handoff = handoff.resumed(); // the protocol has changed since it stopped, and what was kept belongs to the
            // new one
        }
        HandoffState.Admitted admitted = handoff.readable(phase(), progress(), connection.hasUnread());
        handoff = admitted.next();
        return admitted.reading();
    }

    private int readAny(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        if (connection.hasPushedBack()) {
            int length = connection.read(target);
            updateReadiness();
            return length;
        }
        try {
            beginTls();
            int length = connection.receive(target);
            endedByPeer |= length < 0;
            afterTls();
            return length;
        } catch (IOException e) {
            endedByPeer = true;
            throw e;
        }
    }

    // TLS

    /** The application has the connection, so that the handshake may take so long from now on. */
    private void beginTls() {
        if (awaitsHandshake && handshakeDeadline == null) {
            handshakeDeadline = later(this::handshakeOverdue, HANDSHAKE_SECONDS);
        }
    }

    private @Nullable Future<?> later(Runnable action, long seconds) {
        try {
            return server.listener().acceptLoop().schedule(action, seconds, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the supervisor has stopped", e);
            return null;
        }
    }

    private void afterTls() {
        if (tls == null) {
            return;
        }
        if (awaitsHandshake && tls.isEstablished()) {
            awaitsHandshake = false;
            cancel(handshakeDeadline);
            tellOfChange(); // a write no longer waits for what is to be read
        }
        updateReadiness();
    }

    private static void cancel(@Nullable Future<?> deadline) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private synchronized void handshakeOverdue() {
        if (awaitsHandshake && !gone) {
            endedByPeer = true;
            leave(Departure.ENDED_BY_PEER, Next.LINGER);
        }
    }

    /** An application may write before it reads: the handshake goes on then, too. */
    private void handshake(TlsStream stream) throws IOException {
        if (awaitsHandshake) {
            beginTls();
            var unused = stream.available();
            afterTls();
        }
    }

    private int send(ByteBuffer source) throws IOException {
        if (tls == null) {
            return socket.write(source);
        }
        handshake(tls);
        one[0] = source;
        try {
            return (int) tls.write(one, 0, 1);
        } finally {
            one[0] = null;
        }
    }

    private long send(ByteBuffer[] sources, int offset, int length) throws IOException {
        if (tls != null) {
            handshake(tls);
        }
        return connection.send(sources, offset, length);
    }

    @Override
    public boolean writesWhenReadable() {
        return awaitsHandshake;
    }

    @Override
    public synchronized void sendUrgentData(int data) throws IOException {
        if (tls != null) {
            throw new SocketException("TLS has no urgent data");
        }
        socket.socket().sendUrgentData(data);
    }

    /** Gives the application its part of what has been read, and keeps the rest for the next generation. */
    private int divide(Reading reading, ByteBuffer target, int begin) {
        int mine = switch (reading) {
            case ALL -> received(target, begin, false);
            case DIVIDED -> received(target, begin, true);
            case KEPT, NONE -> 0;
        };
        int end = target.position();
        if (begin + mine < end) {
            ByteBuffer rest = target.duplicate();
            rest.position(begin + mine).limit(end);
            connection.pushBack(rest);
            target.position(begin + mine);
            if (waitingSince == 0) {
                waitingSince = Math.max(1, System.nanoTime());
            }
        }
        check();
        return mine;
    }

    /** @return how many bytes are the application's */
    private int received(ByteBuffer target, int begin, boolean divided) {
        lastWasReceived = true;
        if (!asked) {
            asked = true;
            owner.owner().asked();
        }
        if (isUnknown()) {
            lastActivity = System.nanoTime();
        }
        return tracker.received(target, begin, target.position(), divided);
    }

    @Override
    public synchronized int write(ByteBuffer source) throws IOException {
        if (gone) {
            return swallow(source);
        }
        if (!flush()) {
            return 0;
        }
        if (replay != null) {
            int answer = takeAnswer(replay, source);
            return gone || !source.hasRemaining() ? answer : answer + write(source);
        }
        int begin = source.position();
        try {
            int length = send(source);
            tracker.sent(source, begin, source.position());
            written();
            return length;
        } catch (IOException e) {
            endedByPeer = true;
            throw e;
        }
    }

    @Override
    public synchronized long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        if (gone) {
            return swallow(sources, offset, length);
        }
        if (!flush()) {
            return 0;
        }
        if (replay != null) {
            long answer = takeAnswer(sources, offset, length);
            return replay != null || gone ? answer : answer + write(sources, offset, length);
        }
        if (positions.length < length) {
            positions = new int[length];
        }
        for (int i = 0; i < length; i++) {
            positions[i] = sources[offset + i].position();
        }
        try {
            long total = send(sources, offset, length);
            for (int i = 0; i < length; i++) {
                ByteBuffer source = sources[offset + i];
                tracker.sent(source, positions[i], source.position());
            }
            written();
            return total;
        } catch (IOException e) {
            endedByPeer = true;
            throw e;
        }
    }

    private long takeAnswer(ByteBuffer[] sources, int offset, int length) {
        long total = 0;
        for (int i = offset; i < offset + length && replay != null; i++) {
            total += gone ? swallow(sources[i]) : takeAnswer(replay, sources[i]);
        }
        return total;
    }

    /** Takes what is of the answer to the request that the client has not sent to this application. */
    private int takeAnswer(WebSocketReplay replaying, ByteBuffer source) {
        int begin = source.position();
        source.position(replaying.swallow(source, begin, source.limit()));
        if (replaying.isAccepted()) {
            owner.owner().answers().answered(replaying.status());
            tracker = ByteTracker.ofWebSocket(replaying.request());
            replay = null;
            cancel(answerDeadline);
            lastActivity = System.nanoTime();
            check();
            updateReadiness();
        } else if (replaying.isRefused()) {
            owner.owner().answers().answered(replaying.status());
            refuse();
        }
        return source.position() - begin;
    }

    /** Tells the client that its WebSocket ends, and ends it. */
    private void refuse() {
        unsent = ByteBuffer.wrap(WebSocketReplay.closeFrame());
        try {
            var unused = flush();
        } catch (IOException e) {
            endedByPeer = true;
            LOG.debug("the peer of {} has gone", socket, e);
        }
        unsent = null;
        leave(Departure.ENDED_BY_APPLICATION, Next.LINGER);
    }

    private void written() {
        lastWasReceived = false;
        if (!answered) {
            answered = true;
            owner.owner().answered();
        }
        if (isUnknown()) {
            lastActivity = System.nanoTime();
        }
        if (owner.isQuiescing()) {
            check();
        }
    }

    /** The connection has ended for the application: nobody is there to read what it writes. */
    private static int swallow(ByteBuffer source) {
        int length = source.remaining();
        source.position(source.limit());
        return length;
    }

    private static long swallow(ByteBuffer[] sources, int offset, int length) {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += swallow(sources[i]);
        }
        return total;
    }

    @Override
    public synchronized int available() throws IOException {
        if (gone || readiness == Readiness.NOT) {
            return 0;
        }
        if (replay != null) {
            return replay.unread();
        }
        if (tls != null) {
            beginTls();
            int there = connection.hasPushedBack() ? connection.pushedBack() : tls.available();
            afterTls();
            return there;
        }
        return connection.hasUnread() ? connection.unread() : inKernel();
    }

    private int inKernel() throws IOException {
        return socket.socket().getInputStream().available();
    }

    @Override
    public synchronized void shutdownInput() throws IOException {
        if (!gone) {
            shut = true;
            socket.shutdownInput();
        }
    }

    @Override
    public synchronized void shutdownOutput() throws IOException {
        if (gone || leavesInsteadOfEnding()) {
            return;
        }
        shut = true;
        connection.shutdownOutput();
    }

    @Override
    public synchronized boolean takesOptions() {
        return !gone;
    }

    // The end

    @Override
    public synchronized boolean closing() {
        closed = true;
        if (gone || leavesInsteadOfEnding() || comesAgain()) {
            return false;
        }
        if (replay != null && !replay.isUntouched() && !endedByPeer) {
            refuse();
            return false;
        }
        departure = atStop != null ? atStop : endedByPeer ? Departure.ENDED_BY_PEER : Departure.ENDED_BY_APPLICATION;
        if (departure == Departure.ENDED_BY_APPLICATION && tracker.isUnanswered()) {
            owner.owner().answers().cut();
        }
        gone = true;
        boolean said = connection.closeTls() && !connection.hasLastWords();
        next = said ? Next.END : Next.LINGER;
        return said;
    }

    /** Whether the connection moves although it is the application that ends it: it stops, and nothing is under way. */
    private boolean leavesInsteadOfEnding() {
        if (endedByPeer || shut || !owner.isQuiescing() || phase() == Phase.DISMISSED) {
            return false;
        }
        if (tracker.isLast() || !progress().isFree() || tracker.isWebSocket()) {
            return false;
        }
        leave(wasBusy ? Departure.MOVED_AFTER_RESPONSE : Departure.MOVED_IDLE, Next.TO_GATE);
        return true;
    }

    /** Whether the application accepts connections before it can serve them, as Vert.x does while it starts. */
    private boolean comesAgain() {
        boolean again = progress() instanceof ProtocolProgress.Untouched
                && !endedByPeer
                && phase() == Phase.SERVING
                && server.isYoung();
        if (again) {
            leave(Departure.MOVED_IDLE, Next.AGAIN);
        }
        return again;
    }

    @Override
    public void finished() {
        synchronized (this) {
            if (finished) {
                return;
            }
            finished = true;
            cancel(handshakeDeadline);
            cancel(answerDeadline);
        }
        try {
            goOn();
        } finally {
            owner.left(this, departure);
        }
    }

    private void goOn() {
        switch (next) {
            case END -> connection.end();
            case LINGER -> connection.closeLingering();
            case TO_GATE -> offer();
            case AGAIN -> offerLater();
        }
    }

    private void offerLater() {
        resetLinger();
        try {
            var unused =
                    server.listener().acceptLoop().schedule(connection::offer, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) { // the supervisor has stopped
            connection.end();
        }
    }

    private void offer() {
        resetLinger();
        connection.setIdle(!(progress() instanceof ProtocolProgress.Untouched) && !wasBusy && !connection.hasUnread());
        connection.offer();
    }

    /** The next owner sets its own. */
    private void resetLinger() {
        try {
            if (socket.getOption(StandardSocketOptions.SO_LINGER) >= 0) {
                socket.setOption(StandardSocketOptions.SO_LINGER, -1);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("can't reset the linger time of {}", socket, e);
        }
    }

    // What the generation asks

    private Phase phase() {
        Phase phase = owner.owner().phase();
        boolean ends = phase == Phase.SUPERSEDED && owner.owner().leavesProcess() && !connection.canLeaveProcess();
        return ends ? Phase.DISMISSED : phase;
    }

    private ProtocolProgress progress() {
        if (replay != null) {
            return replay.progress();
        }
        return tracker.progress() instanceof ProtocolProgress.WebSocket webSocket
                ? progressOf(webSocket)
                : tracker.progress();
    }

    /** One that does not move is what it is without all this: of a protocol that the supervisor does not know. */
    private ProtocolProgress progressOf(ProtocolProgress.WebSocket webSocket) {
        Phase phase = phase();
        if (phase == Phase.DISMISSED || !owner.owner().movesWebSockets()) {
            return new ProtocolProgress.Opaque();
        }
        return phase == Phase.SUPERSEDED ? webSocket : webSocket.unsettled();
    }

    /** Whether the protocol is one that the supervisor does not know, or might become so. */
    private boolean isUnknown() {
        return tracker.isOpaque() || tracker.isWebSocket();
    }

    /** Whether the protocol is unknown, and nothing seems to be under way. */
    synchronized boolean isQuiet() {
        return !gone
                && progress() instanceof ProtocolProgress.Opaque
                && !lastWasReceived
                && System.nanoTime() - lastActivity > QUIET_NANOS;
    }

    long waitingSince() {
        return waitingSince;
    }

    synchronized void held() {
        stopsNewWork();
        check(); // bytes that have waited to be read since it came wait at the gate
        updateReadiness();
    }

    private void stopsNewWork() {
        if (gone) {
            return;
        }
        ProtocolProgress progress = progress();
        wasBusy |= progress.isBusy();
        if (progress instanceof ProtocolProgress.Streams streams && streams.active() > 0) {
            goAway(false);
        }
    }

    synchronized void resume() {
        handoff = handoff.resumed();
        wasBusy = false;
        waitingSince = 0;
        updateReadiness();
    }

    synchronized void leave() {
        stopsNewWork();
        if (phase() == Phase.DISMISSED && hasCome()) {
            readsOnceMore = true;
            updateReadiness();
        } else {
            goAway(false);
            check();
            updateReadiness();
        }
    }

    /** Whether bytes have come that nobody has read. */
    private boolean hasCome() {
        try {
            return !gone && replay == null && progress().isFree() && (connection.hasUnread() || inKernel() > 0);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    void reclaim() {
        boolean reclaims;
        synchronized (this) {
            reclaims = gone && !closed && System.nanoTime() - goneSince > CLOSES_WITHIN_NANOS;
        }
        if (reclaims) {
            closeChannel();
        }
    }

    /** The drain deadline has passed: the application is about to be stopped, and may end the connection politely. */
    void overdue() {
        if (!isEndedBy(Departure.ENDED_AT_DEADLINE)) {
            takeBack(); // it has moved: no stop of its former application is to delay it
        }
    }

    /** The application is about to be stopped. */
    void stopping() {
        isEndedBy(phase() == Phase.DISMISSED ? Departure.ENDED_AT_STOP : Departure.FINISHED);
    }

    /** @return false if the connection has left already */
    private synchronized boolean isEndedBy(Departure stop) {
        if (!gone && !endedByPeer && atStop == null) {
            atStop = stop;
        }
        return !gone;
    }

    void endFromOutside() {
        synchronized (this) {
            if (!gone) {
                leave(atStop == null ? Departure.ENDED_AT_DEADLINE : atStop, Next.LINGER);
            }
        }
        takeBack();
    }

    private void takeBack() {
        closeChannel();
        finished();
    }

    private void closeChannel() {
        Borrowed there = channel;
        if (there == null) {
            return;
        }
        try {
            there.close();
        } catch (IOException e) {
            LOG.debug("can't close {}", there, e);
        }
    }

    // Leaving

    private void check() {
        if (gone || shut || phase() == Phase.SERVING || readsOnceMore) {
            return;
        }
        ProtocolProgress progress = progress();
        if (tracker.isLast()) {
            handoff = handoff.last();
        }
        if (progress instanceof ProtocolProgress.Streams) {
            progress = endStreams((ProtocolProgress.Streams) progress);
        }
        HandoffState.Checked checked =
                handoff.check(phase(), progress, unsent == null, wasBusy, connection.hasUnread());
        if (checked.leave() == Leave.NOT_YET) {
            updateReadiness();
            checkWhenSettled(progress);
        } else {
            handoff = checked.next();
            leave(handoff.departure().orElseThrow(), checked.leave() == Leave.MOVE ? Next.TO_GATE : Next.LINGER);
        }
    }

    /** Answers of a WebSocket may still come, from other threads of the application. */
    private void checkWhenSettled(ProtocolProgress progress) {
        long settlesIn = tracker.settlesIn();
        if (settlesIn == 0
                || settlesLater
                || owner.owner().phase() != Phase.SUPERSEDED
                || !(progress instanceof ProtocolProgress.WebSocket webSocket)
                || webSocket.isBusy()) {
            return;
        }
        settlesLater = true;
        try {
            var unused = server.listener().acceptLoop().schedule(this::settled, settlesIn, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("the supervisor has stopped", e);
        }
    }

    private synchronized void settled() {
        settlesLater = false;
        check();
    }

    /** HTTP/2 can't move: a peer that knows this opens another connection, and begins anew what is not answered here. */
    private ProtocolProgress endStreams(ProtocolProgress.Streams streams) {
        if (streams.active() == 0 && (streams.goneAway() || connection.hasUnread())) {
            goAway(true);
        }
        return progress();
    }

    /** Tells the peer of an HTTP/2 connection that it can open no more streams here. */
    private void goAway(boolean last) {
        if (!(progress() instanceof ProtocolProgress.Streams streams)
                || (streams.goneAway() && !last)
                || !tracker.canGoAway()
                || unsent != null) {
            return;
        }
        ByteBuffer frame = ByteBuffer.allocate(ByteTracker.GOAWAY_LENGTH);
        tracker.goAway(frame, last);
        unsent = frame.flip();
        try {
            var unused = flush();
        } catch (IOException e) {
            endedByPeer = true;
            LOG.debug("the peer of {} has gone", socket, e);
        }
    }

    /** Returns whether all has been sent. */
    private boolean flush() throws IOException {
        ByteBuffer frame = unsent;
        if (frame != null) {
            var unused = send(frame);
            unsent = frame.hasRemaining() ? frame : null;
        }
        return unsent == null;
    }

    private void leave(Departure how, Next then) {
        gone = true;
        goneSince = System.nanoTime();
        departure = how;
        next = then;
        waitingSince = 0;
        if (replay == null) {
            connection.leave(tracker.webSocketRequest(), null);
        }
        updateReadiness();
    }

    private void updateReadiness() {
        Readiness now = readinessNow();
        if (now != readiness) {
            readiness = now;
            tellOfChange();
        }
    }

    private void tellOfChange() {
        Borrowed there = channel;
        if (there != null) {
            there.readableChanged();
        }
    }

    private Readiness readinessNow() {
        if (gone) {
            return Readiness.NOW;
        }
        if (unsent != null || (tls != null && tls.hasHandshakeUnsent())) {
            return Readiness.WHEN_WRITABLE;
        }
        if (replay != null && !(owner.isQuiescing() && replay.isUntouched())) {
            return replay.hasUnread() ? Readiness.NOW : Readiness.NOT;
        }
        if (owner.isQuiescing() && !readsOnceMore && connection.hasUnread()) {
            Intake intake = progress().intake();
            return intake == Intake.ALL || intake == Intake.REST_OF_REQUEST ? Readiness.NOW : Readiness.NOT;
        }
        return connection.hasUnread() ? Readiness.NOW : Readiness.WITH_SOCKET;
    }

    @Override
    public String toString() {
        return "LentConnection[" + socket + ", " + readiness + ", " + handoff + "]";
    }
}
