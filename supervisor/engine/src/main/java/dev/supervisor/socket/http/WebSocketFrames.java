package dev.supervisor.socket.http;

import java.nio.ByteBuffer;

/**
 * Follows the frames of one direction of a WebSocket (RFC 6455, 5.2), without extensions: where messages end. Control
 * frames, which may stand between the fragments of a message, are messages of their own elsewhere. What RFC 6455 does
 * not allow is malformed, for good.
 *
 * <p>Not thread-safe. Allocates nothing.
 */
final class WebSocketFrames {

    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0f;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;

    private static final int CONTINUATION = 0x0;
    private static final int BINARY = 0x2;
    private static final int CONTROL = 0x8;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xa;

    /** The greatest payload of a control frame, and of a frame whose length is one byte. */
    private static final int SHORTEST = 125;

    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int LONGEST_OF_TWO_BYTES = 0xffff;
    private static final int MASK_LENGTH = 4;

    private final boolean masked;

    /** How many bytes of the frame's header have come. */
    private int header;

    private int first;

    /** The bytes of the extended length that are still to come, and then those of the mask. */
    private int lengthLeft;

    private int maskLeft;
    private int lengthBytes;

    /** The bytes of the payload that are still to come, or the length as far as it has come. */
    private long payload;

    private boolean insideFragments;
    private boolean closed;
    private boolean malformed;

    private long messages;

    private WebSocketFrames(boolean masked) {
        this.masked = masked;
    }

    static WebSocketFrames ofClient() {
        return new WebSocketFrames(true);
    }

    static WebSocketFrames ofServer() {
        return new WebSocketFrames(false);
    }

    /**
     * Follows bytes from [from, to).
     *
     * @param divided whether to stop at the end of the message that has begun
     * @return the index behind the last byte that was followed
     */
    int read(ByteBuffer bytes, int from, int to, boolean divided) {
        int at = from;
        while (at < to && !malformed && !(divided && isBetweenMessages())) {
            if (header == 0) {
                readFirst(bytes.get(at++) & 0xff);
            } else if (header == 1) {
                readSecond(bytes.get(at++) & 0xff);
            } else if (lengthLeft > 0) {
                readLength(bytes.get(at++) & 0xff);
            } else if (maskLeft > 0) {
                at += skipMask(to - at);
            } else {
                at += skipPayload(to - at);
            }
        }
        return malformed ? to : at;
    }

    private void readFirst(int b) {
        int opcode = b & OPCODE;
        boolean control = opcode >= CONTROL;
        malformed = (b & RESERVED) != 0
                || (control ? opcode > PONG || (b & FIN) == 0 : opcode > BINARY)
                || (!control && (opcode == CONTINUATION) != insideFragments);
        first = b;
        header = 1;
    }

    private void readSecond(int b) {
        int length = b & LENGTH;
        malformed |= ((b & MASKED) != 0) != masked || (isControl() && length > SHORTEST);
        lengthBytes = length == TWO_BYTES ? 2 : length == EIGHT_BYTES ? Long.BYTES : 0;
        lengthLeft = lengthBytes;
        maskLeft = masked ? MASK_LENGTH : 0;
        payload = lengthBytes == 0 ? length : 0;
        header = 2;
        endIfComplete();
    }

    private void readLength(int b) {
        payload = payload << 8 | b;
        lengthLeft--;
        if (lengthLeft == 0) {
            long shortest = lengthBytes == 2 ? SHORTEST : LONGEST_OF_TWO_BYTES;
            malformed |= payload <= shortest; // negative ones too
            endIfComplete();
        }
    }

    private int skipMask(int available) {
        int skipped = Math.min(maskLeft, available);
        maskLeft -= skipped;
        endIfComplete();
        return skipped;
    }

    private int skipPayload(int available) {
        int skipped = (int) Math.min(payload, available);
        payload -= skipped;
        endIfComplete();
        return skipped;
    }

    private void endIfComplete() {
        if (malformed || lengthLeft > 0 || maskLeft > 0 || payload > 0) {
            return;
        }
        header = 0;
        int opcode = first & OPCODE;
        if (!isControl()) {
            insideFragments = (first & FIN) == 0;
            messages += insideFragments ? 0 : 1;
        } else if (opcode == CLOSE) {
            closed = true;
        } else if (opcode == (masked ? PING : PONG)) {
            messages++;
        }
    }

    private boolean isControl() {
        return (first & OPCODE) >= CONTROL;
    }

    /** Whether no frame has begun that has not ended, and no message whose last frame has not come. */
    boolean isBetweenMessages() {
        return header == 0 && !insideFragments;
    }

    /** Whether a close frame has begun. Stays so. */
    boolean isClosing() {
        return closed || (header > 0 && (first & OPCODE) == CLOSE);
    }

    boolean isMalformed() {
        return malformed;
    }

    /**
     * Returns how many messages have come as a whole that may ask for an answer, of a client: those of data, and pings; or that
     * may answer, of a server: those of data, and pongs.
     */
    long messages() {
        return messages;
    }
}
