package dev.supervisor.socket.http;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Follows a WebSocket: whether it could go on elsewhere. It can't any more once one side has begun to close it, or once
 * its frames can't be followed.
 *
 * <p>Answers have no mark by which they could be known. Each message of the server is taken for one; when there are as
 * many as messages of the client, only some time must have passed since the last of these, otherwise more.
 *
 * <p>Not thread-safe. Allocates nothing per message.
 */
final class WebSocketTracker {

    /** How long after the last message an answer may still come, though there are enough. */
    static final long ANSWERS_WITHIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long an answer may take while there are not enough. */
    static final long ANSWERS_AT_LAST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final WebSocketFrames client = WebSocketFrames.ofClient();
    private final WebSocketFrames server = WebSocketFrames.ofServer();
    private final byte[] request;
    private final LongSupplier nanoClock;

    private boolean asked;

    /** How many answers are missing, if each message has one. */
    private long unanswered;

    private long lastAsked;

    /** @param request the head of the request that has opened it */
    WebSocketTracker(byte[] request, LongSupplier nanoClock) {
        this.request = request;
        this.nanoClock = nanoClock;
    }

    byte[] request() {
        return request;
    }

    /**
     * Follows bytes from the client.
     *
     * @param divided whether to stop at the end of the message that has begun
     * @return the index behind the last byte that was followed
     */
    int received(ByteBuffer bytes, int from, int to, boolean divided) {
        long before = client.messages();
        int end = isMovable() ? client.read(bytes, from, to, divided) : to;
        if (client.messages() != before) {
            asked(client.messages() - before, nanoClock.getAsLong());
        }
        return end;
    }

    private void asked(long messages, long now) {
        if (now - lastAsked > ANSWERS_AT_LAST_NANOS) {
            unanswered = 0; // what has had no answer gets none
        }
        unanswered += messages;
        lastAsked = now;
        asked = true;
    }

    /** Follows bytes from the server. */
    void sent(ByteBuffer bytes, int from, int to) {
        if (isMovable()) {
            long before = server.messages();
            int end = server.read(bytes, from, to, false);
            assert end == to : "the server's frames are not divided";
            unanswered = Math.max(0, unanswered - (server.messages() - before));
        }
    }

    /** Whether frames can be followed, and neither side has begun to close. Stays false once it is. */
    boolean isMovable() {
        return !client.isMalformed() && !server.isMalformed() && !client.isClosing() && !server.isClosing();
    }

    /** Returns how long answers may still come, by what is known now; 0 if none is expected. */
    long settlesIn() {
        if (!asked) {
            return 0;
        }
        long patience = unanswered == 0 ? ANSWERS_WITHIN_NANOS : ANSWERS_AT_LAST_NANOS;
        return Math.max(0, lastAsked + patience - nanoClock.getAsLong());
    }

    ProtocolProgress progress() {
        return isMovable()
                ? new ProtocolProgress.WebSocket(
                        !client.isBetweenMessages(), !server.isBetweenMessages(), settlesIn() == 0)
                : new ProtocolProgress.Opaque();
    }
}
