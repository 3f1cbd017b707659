package dev.supervisor.socket.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Follows one connection by nothing but the bytes of both directions, for servers that know nothing of the supervisor:
 * which protocol it is, and how far its peers are.
 *
 * <pre>
 *             ┌──▶ HTTP/1 ──┬─────────────────┐ upgrade, tunnel, ambiguous or malformed bytes
 *             │             └──▶ WebSocket ───┤ where it is followed
 * undecided ──┼──▶ HTTP/2, prior knowledge ───┤
 *             │                               ▼
 *             └───────────────────────────▶ opaque, for good
 * </pre>
 *
 * What is opaque never moves to another generation, so everything that peers could read differently makes it opaque.
 *
 * <p>Not thread-safe: the caller synchronizes. It calls {@link #received} before the server gets the bytes, so that no
 * response is followed ahead of its request. {@link #received} and {@link #sent} allocate nothing once the protocol is
 * decided, unless more requests or streams are open at once than ever before.
 */
public final class ByteTracker {

    /** The length of the frame that {@link #goAway} writes, in bytes. */
    public static final int GOAWAY_LENGTH = Http2Tracker.GOAWAY_LENGTH;

    private final AnswerCounts counts;

    /** How many bytes of the client's preface of HTTP/2 have come, while the protocol is undecided. */
    private int prefaceLength;

    private @Nullable Http1Tracker http1;
    private @Nullable Http2Tracker http2;
    private @Nullable WebSocketTracker webSocket;
    private boolean opaque;

    private final boolean followsWebSockets;

    public ByteTracker() {
        this(AnswerCounts.NONE, false);
    }

    /**
     * @param counts counts each answer by HTTP/1
     * @param followsWebSockets whether WebSockets are followed, too. The server sees no {@code
     *     Sec-WebSocket-Extensions} then: {@link #received} changes a letter of the field's name
     */
    public ByteTracker(AnswerCounts counts, boolean followsWebSockets) {
        this.counts = counts;
        this.followsWebSockets = followsWebSockets;
    }

    /**
     * Returns a tracker of a WebSocket that is open, between two messages.
     *
     * @param request the head of the request that has opened it
     */
    public static ByteTracker ofWebSocket(byte[] request) {
        ByteTracker tracker = new ByteTracker();
        tracker.webSocket = new WebSocketTracker(request, System::nanoTime);
        return tracker;
    }

    /**
     * Follows bytes that have come from the client. The buffer stays as it is.
     *
     * @param from the index of the first byte
     * @param to the index behind the last byte
     * @param divided whether the bytes behind the request that has begun belong to another generation
     * @return how many of the bytes are the application's, from the first one on: all, unless they are divided and the
     *     connection is HTTP/1, a WebSocket or untouched. The others have not been followed.
     */
    public int received(ByteBuffer bytes, int from, int to, boolean divided) {
        int end = to;
        if (http1 != null) {
            end = http1.received(bytes, from, to, divided);
        } else if (http2 != null) {
            http2.received(bytes, from, to);
        } else if (webSocket != null) {
            end = webSocket.received(bytes, from, to, divided);
        } else if (!opaque) {
            end = receivedUndecided(bytes, from, to, divided);
        }
        forgetIfLost();
        return end - from;
    }

    private int receivedUndecided(ByteBuffer bytes, int from, int to, boolean divided) {
        if (divided && prefaceLength == 0) {
            return from;
        }
        int ofPreface = Http2Tracker.prefaceIn(bytes, from, to, prefaceLength);
        prefaceLength += ofPreface;
        if (prefaceLength == Http2Tracker.PREFACE.capacity()) {
            http2 = new Http2Tracker(prefaceLength);
            http2.received(bytes, from + ofPreface, to);
        } else if (from + ofPreface < to) {
            return decideHttp1().received(bytes, from + ofPreface, to, divided);
        }
        return to;
    }

    /** What looked like the preface of HTTP/2 was the begin of another request. */
    private Http1Tracker decideHttp1() {
        Http1Tracker tracker = new Http1Tracker(counts, followsWebSockets ? new UpgradeRequest() : null);
        tracker.received(Http2Tracker.PREFACE, 0, prefaceLength, false);
        http1 = tracker;
        return tracker;
    }

    /**
     * Follows bytes that the server has sent. The buffer stays as it is.
     *
     * @param from the index of the first byte
     * @param to the index behind the last byte
     */
    public void sent(ByteBuffer bytes, int from, int to) {
        if (http1 != null) {
            sentByHttp1(http1, bytes, from, to);
        } else if (http2 != null) {
            http2.sent(bytes, from, to);
        } else if (webSocket != null) {
            webSocket.sent(bytes, from, to);
        } else if (!opaque && from < to) {
            sentUndecided(bytes, from, to);
        }
        forgetIfLost();
    }

    private void sentByHttp1(Http1Tracker tracker, ByteBuffer bytes, int from, int to) {
        int end = tracker.sent(bytes, from, to);
        if (tracker.isWebSocket()) {
            WebSocketTracker opened = new WebSocketTracker(tracker.webSocket(), System::nanoTime);
            opened.sent(bytes, end, to);
            webSocket = opened;
            http1 = null;
        }
    }

    /** Follows bytes that the server has sent and that can't be looked at: a part of a file. */
    public void sentUnseen(long count) {
        if (http1 != null) {
            http1.sentUnseen(count);
        } else {
            opaque = true;
        }
        forgetIfLost();
    }

    /** A server of HTTP/2 may begin with its SETTINGS before the client's preface has come (RFC 9113, 3.4). */
    private void sentUndecided(ByteBuffer bytes, int from, int to) {
        if (bytes.get(from) == 0) { // the length of SETTINGS, but the begin of no status line
            http2 = new Http2Tracker(prefaceLength);
            http2.sent(bytes, from, to);
        } else {
            decideHttp1().sent(bytes, from, to);
        }
    }

    private void forgetIfLost() {
        if (opaque || (http1 != null && http1.isLost()) || (http2 != null && http2.isLost())) {
            opaque = true;
            http1 = null;
            http2 = null;
            webSocket = null;
        }
    }

    /** Returns how far the connection is. */
    public ProtocolProgress progress() {
        if (opaque) {
            return new ProtocolProgress.Opaque();
        }
        if (http1 != null) {
            return http1.progress();
        }
        if (http2 != null) {
            return http2.progress();
        }
        if (webSocket != null) {
            return webSocket.progress();
        }
        return prefaceLength == 0 ? new ProtocolProgress.Untouched() : new ProtocolProgress.Http(true, 0, false, false);
    }

    /**
     * Returns whether the server will end a connection of HTTP/1: the client or the server has said so, or a response
     * lasts until then. Stays true once it is.
     */
    public boolean isLast() {
        return http1 != null && http1.isLast();
    }

    /** Returns whether a request by HTTP/1 has come whose response has not begun. */
    public boolean isUnanswered() {
        return http1 != null && http1.isUnanswered();
    }

    /** Returns whether the protocol is unknown. Stays true once it is. */
    public boolean isOpaque() {
        return opaque;
    }

    /** Returns whether the connection is HTTP/2, by prior knowledge. Stays true once it is, unless it becomes opaque. */
    public boolean isHttp2() {
        return http2 != null;
    }

    /** Returns whether the connection is a WebSocket that is followed, though it may be closing. */
    public boolean isWebSocket() {
        return webSocket != null;
    }

    /** Returns the head of the request that has opened the WebSocket; empty if it is none. */
    public byte[] webSocketRequest() {
        return webSocket == null ? UpgradeRequest.NONE : webSocket.request();
    }

    /**
     * Returns how long answers of the WebSocket may still come, by what is known now, in nanoseconds; 0 if none is
     * expected.
     */
    public long settlesIn() {
        return webSocket == null ? 0 : webSocket.settlesIn();
    }

    /**
     * Returns whether the caller may send a GOAWAY here: the connection is HTTP/2, the server has sent its SETTINGS, and
     * is between two frames.
     */
    public boolean canGoAway() {
        return http2 != null && http2.canGoAway();
    }

    /**
     * Writes a GOAWAY without an error (RFC 9113, 6.8), and regards it as sent. The caller sends it before any other
     * byte, and does not pass it to {@link #sent}.
     *
     * @param into has room for {@link #GOAWAY_LENGTH} bytes, which are put at its position
     * @param last false to announce the end: the client opens no more streams once it knows, and those that are on their
     *     way are answered; true to name the last stream that has come, which tells the client that later ones are not
     *     answered
     * @throws IllegalStateException unless {@link #canGoAway}
     */
    public void goAway(ByteBuffer into, boolean last) {
        if (http2 == null) {
            throw new IllegalStateException("not a connection of HTTP/2");
        }
        http2.goAway(into, last);
    }
}
