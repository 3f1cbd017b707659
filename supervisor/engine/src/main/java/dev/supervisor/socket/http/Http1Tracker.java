package dev.supervisor.socket.http;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Follows an HTTP/1 connection by its bytes (RFC 9112): where requests and responses end, and which of them is the
 * last. Once the bytes are ambiguous, or the connection becomes something else (an upgrade, a tunnel), it is
 * {@linkplain #isLost lost}, for good.
 *
 * <p>Not thread-safe. Allocates nothing per message.
 */
final class Http1Tracker {

    private static final int CONTINUE = 100;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int MULTIPLE_CHOICES = 300;
    private static final int NOT_MODIFIED = 304;

    private final HeadReader requestHead = HeadReader.ofRequests();
    private final BodyReader requestBody = new BodyReader();
    private final HeadReader responseHead = HeadReader.ofResponses();
    private final BodyReader responseBody = new BodyReader();

    /** Of the requests whose final response has no complete head yet. */
    private final MethodQueue unanswered = new MethodQueue();

    private final AnswerCounts counts;

    /** Null if WebSockets are not followed. */
    private final @Nullable UpgradeRequest upgrade;

    /** The head of the request that the server has just answered by a WebSocket. */
    private byte[] webSocket = UpgradeRequest.NONE;

    private boolean lost;
    private boolean last;

    /** Whether a head has come: empty lines alone may be those of another protocol. */
    private boolean known;

    /** A CONNECT is unanswered: what follows is a request or the tunnel's, depending on the answer. */
    private boolean connecting;

    /** The client waits for a 100 (Continue) and has sent nothing of the body. */
    private boolean expecting;

    Http1Tracker() {
        this(AnswerCounts.NONE, null);
    }

    /**
     * @param counts counts each answer
     * @param upgrade records requests that may open a WebSocket; null if WebSockets are not followed
     */
    Http1Tracker(AnswerCounts counts, @Nullable UpgradeRequest upgrade) {
        this.counts = counts;
        this.upgrade = upgrade;
    }

    /**
     * Follows bytes from the client.
     *
     * @param divided whether to stop at the end of the request that has begun
     * @return the index behind the last byte that was followed
     */
    int received(ByteBuffer bytes, int from, int to, boolean divided) {
        int at = from;
        while (at < to && !lost) {
            if (requestBody.isWithin()) {
                expecting = false;
                at = requestBody.read(bytes, at, to);
                lost = requestBody.isMalformed();
            } else if (divided && !isInsideRequest()) {
                return at;
            } else if (connecting) {
                lost = true;
            } else {
                int begin = at;
                at = requestHead.read(bytes, begin, to);
                if (upgrade != null) {
                    upgrade.read(bytes, begin, at);
                }
                requestHeadWasRead();
            }
        }
        return lost ? to : at;
    }

    private void requestHeadWasRead() {
        if (requestHead.isComplete()) {
            if (upgrade != null) {
                upgrade.end(hasBody(requestHead.fields()));
            }
            beginRequest(requestHead.fields());
            requestHead.next();
        } else {
            lost = requestHead.isMalformed();
        }
    }

    private void beginRequest(FramingFields fields) {
        known = true;
        last |= requestHead.isLast();
        connecting = requestHead.method() == HeadReader.CONNECT;
        lost = !unanswered.offer(requestHead.method());
        if (fields.hasTransferEncoding()) {
            lost |= !fields.isChunked() || requestHead.isHttp10();
            requestBody.beginChunked();
        } else {
            requestBody.beginLength(Math.max(fields.contentLength(), 0));
        }
        lost |= connecting && requestBody.isWithin(); // has no defined meaning (RFC 9110, 9.3.6)
        expecting = fields.hasExpect() && requestBody.isWithin();
    }

    /**
     * Follows bytes from the server.
     *
     * @return the index behind the last byte that was followed: what comes after it is not HTTP
     */
    int sent(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (at < to && !lost && !isWebSocket()) {
            if (responseBody.isWithin()) {
                at = responseBody.read(bytes, at, to);
                lost = responseBody.isMalformed();
            } else {
                at = responseHead.read(bytes, at, to);
                responseHeadWasRead();
            }
        }
        return at;
    }

    /** Follows bytes from the server that can't be looked at: a part of a file. */
    void sentUnseen(long count) {
        lost |= !responseBody.skip(count);
    }

    private void responseHeadWasRead() {
        if (!responseHead.isComplete()) {
            lost = responseHead.isMalformed();
            return;
        }
        known = true;
        if (responseHead.status() < OK) {
            skipInterim();
        } else {
            beginResponse(responseHead.fields());
        }
        responseHead.next();
    }

    private void skipInterim() {
        lost = hasBody(responseHead.fields());
        if (responseHead.status() == SWITCHING_PROTOCOLS) {
            webSocket = upgrade != null && unanswered.size() == 1 && !isInsideRequest() && !lost
                    ? upgrade.ofWebSocket()
                    : UpgradeRequest.NONE;
            lost |= !isWebSocket();
        }
        expecting &= responseHead.status() != CONTINUE || unanswered.size() != 1;
    }

    private static boolean hasBody(FramingFields fields) {
        return fields.hasTransferEncoding() || fields.contentLength() > 0;
    }

    private void beginResponse(FramingFields fields) {
        boolean requested = unanswered.size() > 0;
        byte method = requested ? unanswered.poll() : HeadReader.OTHER;
        if (requested) {
            counts.answered(responseHead.status());
        }
        // A server answers what is no request, or has not come (408), and closes.
        last |= !requested || responseHead.isLast();
        // Without 100 (Continue), a client may send the body or leave it out: some clients, and servers, do that.
        lost = (expecting && unanswered.size() == 0) || (fields.hasTransferEncoding() && responseHead.isHttp10());
        if (method == HeadReader.CONNECT) {
            connecting = false;
            lost |= responseHead.status() < MULTIPLE_CHOICES;
        }
        if (responseHead.status() == NO_CONTENT) {
            lost |= hasBody(fields);
        } else if (method != HeadReader.HEAD && responseHead.status() != NOT_MODIFIED) {
            beginResponseBody(fields);
        }
    }

    private void beginResponseBody(FramingFields fields) {
        if (fields.isChunked()) {
            responseBody.beginChunked();
        } else if (fields.contentLength() != FramingFields.NO_LENGTH) {
            responseBody.beginLength(fields.contentLength());
        } else {
            last = true;
            responseBody.beginUntilEnd();
        }
    }

    /** Whether the server has just opened a WebSocket, so that no HTTP follows. */
    boolean isWebSocket() {
        return webSocket.length > 0;
    }

    /** Returns the head of the request that has opened the WebSocket; empty if there is none. */
    byte[] webSocket() {
        return webSocket;
    }

    /** Whether the connection can't be followed any more. */
    boolean isLost() {
        return lost;
    }

    /** Whether the server ends the connection after what is under way, or has announced to. Stays so. */
    boolean isLast() {
        return last;
    }

    /** Whether a request has come whose response has not begun. */
    boolean isUnanswered() {
        return unanswered.size() > 0 && !(unanswered.size() == 1 && responseHead.status() >= OK);
    }

    private boolean isInsideRequest() {
        return !known || requestHead.hasBegun() || requestBody.isWithin();
    }

    ProtocolProgress.Http progress() {
        int begun = responseHead.status() >= OK && unanswered.size() > 0 ? 1 : 0;
        return new ProtocolProgress.Http(
                isInsideRequest(),
                unanswered.size() - begun,
                responseHead.hasBegun() || responseBody.isWithin(),
                false);
    }
}
