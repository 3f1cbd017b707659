package dev.supervisor.tls;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The elements of DER (ITU-T X.690): a tag of one byte, a length, and the content. */
final class Der {

    private static final int LONG_FORM = 0x80;
    private static final int MOST_LENGTH_BYTES = 3;

    private Der() {}

    static byte[] element(int tag, byte[] content) {
        int length = content.length;
        int lengthBytes = length < LONG_FORM ? 0 : (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
        ByteBuffer element = ByteBuffer.allocate(2 + lengthBytes + length).put((byte) tag);
        element.put((byte) (lengthBytes == 0 ? length : LONG_FORM | lengthBytes));
        for (int shift = (lengthBytes - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            element.put((byte) (length >> shift));
        }
        return element.put(content).array();
    }

    /** Returns the content of the first element. */
    static byte[] content(byte[] der) {
        return Arrays.copyOfRange(der, header(der), length(der));
    }

    /** Returns the length of the first element, with its tag and its length; more than there are bytes if it is cut off. */
    static int length(byte[] der) {
        int first = der[1] & 0xff;
        if (first < LONG_FORM) {
            return 2 + first;
        }
        int length = 0;
        for (int i = 2; i < header(der); i++) {
            length = (length << Byte.SIZE) | (der[i] & 0xff);
        }
        return header(der) + length;
    }

    private static int header(byte[] der) {
        return (der[1] & 0xff) < LONG_FORM ? 2 : 2 + (der[1] & ~LONG_FORM & 0xff);
    }

    /** Returns whether there is one element with all its bytes, and nothing behind it. */
    static boolean isWhole(byte[] der) {
        return der.length >= 2
                && header(der) <= 2 + MOST_LENGTH_BYTES
                && header(der) <= der.length
                && length(der) == der.length;
    }
}
