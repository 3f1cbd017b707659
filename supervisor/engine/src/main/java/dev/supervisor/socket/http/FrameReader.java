package dev.supervisor.socket.http;

import java.nio.ByteBuffer;

/**
 * Reads the HTTP/2 frames of one direction (RFC 9113, 4 and 6) and skips what they carry. The first must be SETTINGS. A
 * frame that is malformed by itself ends the reading, for good.
 *
 * <p>Not thread-safe.
 */
final class FrameReader {

    /** Called with what changes a connection or its streams. */
    interface Listener {

        /** The begin of a HEADERS frame has come. */
        void headersBegun(int stream);

        /** The peer has ended the stream: the last byte of its last frame has come. */
        void streamEnded(int stream);

        void streamReset(int stream);

        /** The peer has promised this stream by a PUSH_PROMISE. */
        void streamPromised(int promised);

        /** @param lastStream the last stream of the other peer that this one may process */
        void goneAway(int lastStream);
    }

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 0x1;
    static final int ACK = 0x1;
    static final int END_HEADERS = 0x4;
    static final int PADDED = 0x8;
    static final int WITH_PRIORITY = 0x20;

    static final int HEADER_LENGTH = 9;

    private static final int STREAM_AT = 5;

    private final Listener listener;

    /** How many bytes of the frame's header have come. */
    private int headerLength;

    /** The length, type and flags of the frame, or what has come of them. */
    private long lengthTypeFlags;

    private int stream;

    /** How many bytes of the frame are to come behind its header. */
    private int left;

    /** How many bytes of the payload precede {@link #word}, or have to come until it is complete; negative if past. */
    private int wordLeft;

    /** The first word of a GOAWAY, or of a PUSH_PROMISE behind the length of its padding. */
    private int word;

    /** The stream whose header block is incomplete, or 0. */
    private int headerBlock;

    /** Whether the header block ends its stream. */
    private boolean headerBlockIsLast;

    private boolean begun;
    private boolean malformed;

    FrameReader(Listener listener) {
        this.listener = listener;
    }

    /** Reads all of [from, to), or to where a frame is malformed. */
    void read(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (at < to && !malformed) {
            if (headerLength < HEADER_LENGTH) {
                readHeader(bytes.get(at++) & 0xff);
            } else if (wordLeft > 0) {
                readWord(bytes.get(at++) & 0xff);
            } else {
                int skipped = Math.min(left, to - at);
                left -= skipped;
                at += skipped;
            }
            if (headerLength == HEADER_LENGTH && left == 0 && !malformed) {
                endFrame();
            }
        }
    }

    private void readHeader(int b) {
        if (headerLength < STREAM_AT) {
            lengthTypeFlags = lengthTypeFlags << 8 | b;
        } else {
            stream = stream << 8 | b;
        }
        if (++headerLength == HEADER_LENGTH) {
            stream &= Integer.MAX_VALUE;
            left = length();
            beginFrame();
        }
    }

    private void readWord(int b) {
        word = word << 8 | b;
        wordLeft--;
        left--;
    }

    private int length() {
        return (int) (lengthTypeFlags >>> 16);
    }

    private int type() {
        return (int) lengthTypeFlags >>> 8 & 0xff;
    }

    private boolean has(int flag) {
        return (lengthTypeFlags & flag) != 0;
    }

    private void beginFrame() {
        malformed = !isInOrder() || !isWellFormed();
        if (malformed) {
            return;
        }
        begun = true;
        switch (type()) {
            case HEADERS -> listener.headersBegun(stream);
            case PUSH_PROMISE -> wordLeft = padding() + Integer.BYTES;
            case GOAWAY -> wordLeft = Integer.BYTES;
            default -> {}
        }
    }

    private boolean isInOrder() {
        if (!begun) {
            return type() == SETTINGS && !has(ACK);
        }
        return headerBlock == 0 ? type() != CONTINUATION : type() == CONTINUATION && stream == headerBlock;
    }

    private boolean isWellFormed() {
        return switch (type()) {
            case DATA -> stream != 0 && length() >= padding();
            case HEADERS -> stream != 0 && length() >= padding() + (has(WITH_PRIORITY) ? 5 : 0);
            case PRIORITY -> stream != 0 && length() == 5;
            case RST_STREAM -> stream != 0 && length() == 4;
            case SETTINGS -> stream == 0 && (has(ACK) ? length() == 0 : length() % 6 == 0);
            case PUSH_PROMISE -> stream != 0 && length() >= padding() + Integer.BYTES;
            case PING -> stream == 0 && length() == 8;
            case GOAWAY -> stream == 0 && length() >= 8;
            case WINDOW_UPDATE -> length() == 4;
            default -> true;
        };
    }

    /** Returns the length of the field that says how long the padding is. */
    private int padding() {
        return has(PADDED) ? 1 : 0;
    }

    private void endFrame() {
        switch (type()) {
            case DATA -> endStream(has(END_STREAM));
            case HEADERS -> endHeaders(has(END_STREAM));
            case PUSH_PROMISE -> {
                listener.streamPromised(word & Integer.MAX_VALUE);
                endHeaders(false);
            }
            case CONTINUATION -> endHeaders(headerBlockIsLast);
            case RST_STREAM -> listener.streamReset(stream);
            case GOAWAY -> listener.goneAway(word & Integer.MAX_VALUE);
            default -> {}
        }
        headerLength = 0;
        lengthTypeFlags = 0;
    }

    private void endHeaders(boolean last) {
        boolean complete = has(END_HEADERS);
        headerBlock = complete ? 0 : stream;
        headerBlockIsLast = last;
        endStream(last && complete);
    }

    private void endStream(boolean last) {
        if (last) {
            listener.streamEnded(stream);
        }
    }

    /** Whether another frame may come here: the first has come, and no frame or header block is incomplete. */
    boolean isBetweenFrames() {
        return begun && headerLength == 0 && headerBlock == 0 && !malformed;
    }

    boolean isMalformed() {
        return malformed;
    }
}
