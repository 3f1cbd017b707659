package dev.supervisor.socket.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What the lines of HTTP/1 are made of (RFC 9110, 5.6.2; RFC 9112, 2.2). */
final class Lines {

    static final byte CR = '\r';
    static final byte LF = '\n';

    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long CRS = LOW_BITS * CR;
    private static final long LFS = LOW_BITS * LF;

    private static final boolean[] TOKEN = tokenBytes();

    private Lines() {}

    private static boolean[] tokenBytes() {
        boolean[] token = new boolean[256];
        for (int b = '0'; b <= 'z'; b++) {
            token[b] = b <= '9' || (b >= 'A' && b <= 'Z') || b >= 'a';
        }
        for (char b : "!#$%&'*+-.^_`|~".toCharArray()) {
            token[b] = true;
        }
        return token;
    }

    static boolean isToken(byte b) {
        return TOKEN[b & 0xff];
    }

    static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    static boolean isEnd(byte b) {
        return b == CR || b == LF;
    }

    /** Returns the index of the first CR or LF in [from, to), or {@code to}. Looks at eight bytes at a time. */
    static int endIn(ByteBuffer bytes, int from, int to) {
        boolean reversed = bytes.order() == ByteOrder.BIG_ENDIAN;
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long word = bytes.getLong(at);
            // The lowest byte comes first, as only the lowest of the bytes that zeros() marks is exact.
            long found = ends(reversed ? Long.reverseBytes(word) : word);
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < to && !isEnd(bytes.get(at))) {
            at++;
        }
        return at;
    }

    private static long ends(long word) {
        return zeros(word ^ CRS) | zeros(word ^ LFS);
    }

    private static long zeros(long word) {
        return (word - LOW_BITS) & ~word & HIGH_BITS;
    }
}
