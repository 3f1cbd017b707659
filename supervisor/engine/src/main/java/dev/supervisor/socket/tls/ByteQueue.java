package dev.supervisor.socket.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that wait, on the heap. An empty queue holds no memory. Not thread-safe. */
final class ByteQueue {

    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int begin;
    private int end;

    boolean isEmpty() {
        return begin == end;
    }

    int size() {
        return end - begin;
    }

    /** Returns a byte, counted from the first one. */
    byte get(int index) {
        return bytes[begin + index];
    }

    /** Appends bytes, and consumes them. */
    void append(ByteBuffer more) {
        int length = more.remaining();
        if (bytes.length - end < length) {
            bytes = Arrays.copyOfRange(bytes, begin, begin + size() + length);
            end -= begin;
            begin = 0;
        }
        more.get(bytes, end, length);
        end += length;
    }

    /** Puts bytes before all others, and consumes them. */
    void pushBack(ByteBuffer former) {
        if (!former.hasRemaining()) {
            return;
        }
        byte[] all = new byte[former.remaining() + size()];
        int length = former.remaining();
        former.get(all, 0, length);
        System.arraycopy(bytes, begin, all, length, size());
        bytes = all;
        begin = 0;
        end = all.length;
    }

    /** Moves bytes into the buffer, as far as there is room, and returns how many. */
    int moveTo(ByteBuffer target) {
        int length = Math.min(size(), target.remaining());
        target.put(bytes, begin, length);
        consumed(length);
        return length;
    }

    /** Returns the bytes to be read; {@link #consumed} says how many have been. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, begin, size());
    }

    void consumed(int length) {
        begin += length;
        if (begin == end) {
            clear();
        }
    }

    /** Returns all bytes, and forgets them. */
    byte[] takeAll() {
        byte[] all = Arrays.copyOfRange(bytes, begin, end);
        clear();
        return all;
    }

    void clear() {
        bytes = NOTHING;
        begin = 0;
        end = 0;
    }
}
