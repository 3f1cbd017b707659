package dev.supervisor.socket.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the headers of TLS records (RFC 8446, 5.1). */
final class Records {

    static final int HEADER = 5;

    static final int HANDSHAKE = 22;

    /** A record with the fatal alert unexpected_message. */
    private static final byte[] UNEXPECTED_MESSAGE = {21, 3, 3, 0, 2, 2, 10};

    private static final byte[] ANSWER_TO_HTTP = """
            HTTP/1.0 400 Bad Request\r
            Content-Type: text/plain\r
            Connection: close\r
            \r
            Client sent an HTTP request to an HTTPS server.
            """.getBytes(StandardCharsets.US_ASCII);

    private Records() {}

    /** Returns whether a whole record is at the position of the buffer, or one that is too long to be right. */
    static boolean isWhole(ByteBuffer bytes) {
        return bytes.remaining() >= HEADER
                && isWhole(bytes.remaining(), bytes.get(bytes.position() + 3), bytes.get(bytes.position() + 4));
    }

    static boolean isWhole(ByteQueue bytes) {
        return bytes.size() >= HEADER && isWhole(bytes.size(), bytes.get(3), bytes.get(4));
    }

    private static boolean isWhole(int available, byte high, byte low) {
        int length = HEADER + (((high & 0xFF) << 8) | (low & 0xFF));
        return available >= length || length > Scratch.RECORD;
    }

    /** Returns the answer to a client that speaks no TLS, in the words of its protocol as far as they are known. */
    static ByteBuffer answerWithoutTls(ByteQueue bytes) {
        return ByteBuffer.wrap(mayBeHttp(bytes) ? ANSWER_TO_HTTP : UNEXPECTED_MESSAGE);
    }

    /** Returns whether the bytes may be the begin of a request: a method in capital letters, and perhaps a blank. */
    static boolean mayBeHttp(ByteQueue bytes) {
        boolean inMethod = true;
        for (int i = 0; i < Math.min(bytes.size(), HEADER); i++) {
            byte letter = bytes.get(i);
            if (inMethod && letter == ' ' && i >= 3) {
                inMethod = false;
            } else if (inMethod && (letter < 'A' || letter > 'Z')) {
                return false;
            }
        }
        return bytes.size() > 0;
    }
}
