package dev.supervisor.socket.http;

import java.nio.ByteBuffer;

/**
 * Skips the bodies of the HTTP/1 messages of one direction (RFC 9112, 6 and 7). Looks only at the lines between chunks.
 *
 * <pre>
 * LENGTH ─────────────────────────────────────────────────────▶ NONE
 * UNTIL_END                                                      ▲
 *           ┌───────────────────────────────────────┐            │ empty line
 *           ▼                                       │            │
 * CHUNK_SIZE ──▶ CHUNK_SIZE_END, EXTENSION ──┬──▶ CHUNK ──▶ CHUNK_END
 *                                            └─ size 0 ──▶ TRAILER_BEGIN ◀──▶ TRAILER
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class BodyReader {

    private enum State {
        NONE,
        LENGTH,
        UNTIL_END,
        CHUNK_SIZE,
        CHUNK_SIZE_END,
        EXTENSION,
        CHUNK,
        CHUNK_END,
        TRAILER_BEGIN,
        TRAILER,
        LINE_FEED,
        MALFORMED
    }

    /** One hexadecimal digit more than this would not fit. */
    private static final long LONGEST_CHUNK = Long.MAX_VALUE >>> 4;

    private static final int NO_DIGIT = -1;

    private State state = State.NONE;

    /** The state in which a CR came, while a LF must follow. */
    private State line = State.NONE;

    /** How many bytes are to be skipped, or the size of a chunk as far as it has come; negative before its first digit. */
    private long left;

    /** Begins a body of so many bytes; none if 0. */
    void beginLength(long length) {
        left = length;
        state = length == 0 ? State.NONE : State.LENGTH;
    }

    void beginChunked() {
        left = NO_DIGIT;
        state = State.CHUNK_SIZE;
    }

    /** Begins a body that ends with the connection. */
    void beginUntilEnd() {
        state = State.UNTIL_END;
    }

    /**
     * Reads from [from, to) to the end of the body, or all.
     *
     * @return the index behind the last byte that was read
     */
    int read(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (at < to && isWithin()) {
            at = switch (state) {
                case LENGTH, CHUNK -> skip(at, to);
                case UNTIL_END -> to;
                case CHUNK_SIZE -> readSize(bytes.get(at), at);
                case CHUNK_SIZE_END -> readSizeEnd(bytes.get(at), at);
                case EXTENSION, TRAILER -> readLine(bytes, at, to);
                case CHUNK_END -> readChunkEnd(bytes.get(at), at);
                case TRAILER_BEGIN -> readTrailerBegin(bytes.get(at), at);
                case LINE_FEED -> readLineFeed(bytes.get(at), at);
                case NONE, MALFORMED -> throw new IllegalStateException();
            };
        }
        return at;
    }

    /**
     * Skips bytes that are not seen.
     *
     * @return false if they can't all be of the body
     */
    boolean skip(long count) {
        if (state == State.UNTIL_END) {
            return true;
        }
        if ((state != State.LENGTH && state != State.CHUNK) || count > left) {
            return count == 0;
        }
        left -= count;
        endIfSkipped();
        return true;
    }

    private int skip(int at, int to) {
        int skipped = (int) Math.min(left, to - at);
        left -= skipped;
        endIfSkipped();
        return at + skipped;
    }

    private void endIfSkipped() {
        if (left == 0) {
            state = state == State.CHUNK ? State.CHUNK_END : State.NONE;
        }
    }

    private int readSize(byte b, int at) {
        int digit = digit(b);
        if (digit == NO_DIGIT) {
            state = left < 0 ? State.MALFORMED : State.CHUNK_SIZE_END;
            return at;
        }
        if (left > LONGEST_CHUNK) {
            state = State.MALFORMED;
        }
        left = Math.max(left, 0) << 4 | digit;
        return at + 1;
    }

    private static int digit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : NO_DIGIT;
    }

    private int readSizeEnd(byte b, int at) {
        if (Lines.isEnd(b)) {
            return endLine(b, at);
        }
        if (b == ';') {
            state = State.EXTENSION;
        } else if (!Lines.isSpace(b)) {
            state = State.MALFORMED;
        }
        return at + 1;
    }

    private int readLine(ByteBuffer bytes, int from, int to) {
        int end = Lines.endIn(bytes, from, to);
        return end < to ? endLine(bytes.get(end), end) : to;
    }

    private int readChunkEnd(byte b, int at) {
        if (Lines.isEnd(b)) {
            return endLine(b, at);
        }
        state = State.MALFORMED;
        return at;
    }

    private int readTrailerBegin(byte b, int at) {
        if (Lines.isEnd(b)) {
            return endLine(b, at);
        }
        state = Lines.isToken(b) ? State.TRAILER : State.MALFORMED;
        return at;
    }

    private int readLineFeed(byte b, int at) {
        if (b == Lines.LF) {
            lineHasEnded();
        } else {
            state = State.MALFORMED;
        }
        return at + 1;
    }

    /** Takes the CR or LF at the end of a line. */
    private int endLine(byte b, int at) {
        line = state;
        if (b == Lines.CR) {
            state = State.LINE_FEED;
        } else if (line == State.CHUNK_SIZE_END || line == State.EXTENSION || line == State.CHUNK_END) {
            state = State.MALFORMED; // servers differ about a LF alone between chunks
        } else {
            lineHasEnded();
        }
        return at + 1;
    }

    private void lineHasEnded() {
        switch (line) {
            case CHUNK_SIZE_END, EXTENSION -> state = left == 0 ? State.TRAILER_BEGIN : State.CHUNK;
            case CHUNK_END -> beginChunked();
            case TRAILER -> state = State.TRAILER_BEGIN;
            case TRAILER_BEGIN -> state = State.NONE;
            default -> throw new IllegalStateException(line.name());
        }
    }

    /** Whether a body has begun and has not ended. */
    boolean isWithin() {
        return state != State.NONE && state != State.MALFORMED;
    }

    boolean isMalformed() {
        return state == State.MALFORMED;
    }
}
