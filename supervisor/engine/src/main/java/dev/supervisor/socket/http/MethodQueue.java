package dev.supervisor.socket.http;

import java.util.Arrays;

/**
 * The methods of the requests that are unanswered, first in, first out, as {@link HeadReader} tells them apart. Grows
 * up to {@link #MOST} and never shrinks.
 *
 * <p>Not thread-safe.
 */
final class MethodQueue {

    /** The most requests that a client may have sent ahead of their answers. */
    static final int MOST = 1024;

    private static final int FIRST_SIZE = 16;

    /** A power of two long. */
    private byte[] methods = new byte[FIRST_SIZE];

    private int first;
    private int size;

    int size() {
        return size;
    }

    /** Adds a method, unless that would be one too many. */
    boolean offer(byte method) {
        if (size == MOST) {
            return false;
        }
        if (size == methods.length) {
            grow();
        }
        methods[(first + size) & (methods.length - 1)] = method;
        size++;
        return true;
    }

    private void grow() {
        byte[] larger = Arrays.copyOfRange(methods, first, first + 2 * size);
        System.arraycopy(methods, 0, larger, size - first, first);
        methods = larger;
        first = 0;
    }

    /** Removes the first method; there must be one. */
    byte poll() {
        if (size == 0) {
            throw new IllegalStateException("no request is unanswered");
        }
        byte method = methods[first];
        first = (first + 1) & (methods.length - 1);
        size--;
        return method;
    }
}
