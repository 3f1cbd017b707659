package dev.supervisor.socket.tls;

import java.nio.ByteBuffer;

/**
 * The plaintext of one write, in several buffers. Gives it in pieces that fill a record, since many small records cost more
 * than a copy. Reused; not thread-safe.
 */
final class Sources {

    private static final int MOST_IN_RECORD = 16 * 1024;
    private static final ByteBuffer[] NONE = {};

    private final ByteBuffer gathered;

    private ByteBuffer[] buffers = NONE;
    private int index;
    private int end;
    private boolean isGathered;

    /** The buffer whose byte was consumed last. */
    private int last;

    /** @param gathered has room for a record */
    Sources(ByteBuffer gathered) {
        this.gathered = gathered;
    }

    void begin(ByteBuffer[] from, int offset, int length) {
        buffers = from;
        index = offset;
        last = offset;
        end = offset + length;
    }

    void forget() {
        buffers = NONE;
        index = 0;
        end = 0;
    }

    boolean hasRemaining() {
        while (index < end && !buffers[index].hasRemaining()) {
            index++;
        }
        return index < end;
    }

    /** Returns a piece, of which the caller consumes a part; at least one byte must remain. */
    ByteBuffer next() {
        ByteBuffer current = buffers[index];
        isGathered = current.remaining() < MOST_IN_RECORD && index + 1 < end;
        if (!isGathered) {
            return current;
        }
        gathered.clear();
        int length = 0;
        for (int i = index; i < end && length < MOST_IN_RECORD; i++) {
            ByteBuffer source = buffers[i];
            int part = Math.min(source.remaining(), MOST_IN_RECORD - length);
            gathered.put(length, source, source.position(), part);
            length += part;
        }
        return gathered.limit(length);
    }

    /** The caller has consumed so much of the last piece. */
    void consumed(int length) {
        if (!isGathered) {
            last = index;
            return;
        }
        skip(length);
    }

    /** Consumes bytes, as far as there are so many, and returns how many. */
    int skip(int length) {
        int left = length;
        while (left > 0 && hasRemaining()) {
            ByteBuffer source = buffers[index];
            int part = Math.min(left, source.remaining());
            source.position(source.position() + part);
            left -= part;
            last = index;
        }
        return length - left;
    }

    /** Takes back that the last byte was consumed. */
    void unreadLast() {
        ByteBuffer source = buffers[last];
        source.position(source.position() - 1);
    }
}
