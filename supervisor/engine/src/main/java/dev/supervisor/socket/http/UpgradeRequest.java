package dev.supervisor.socket.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/**
 * Records the head of each request of a connection, the last one at a time, since it may open a WebSocket.
 *
 * <p>A server must see no {@code Sec-WebSocket-Extensions}: with compression both sides would have a state that another
 * generation does not know. The head may come in any portions, and a server may have its beginning already, so the last
 * letter of the field's name is replaced in place: the name is then one that nobody knows.
 *
 * <p>Not thread-safe. Allocates only when a head is longer than all before.
 */
final class UpgradeRequest {

    /** The longest head that is recorded, in bytes. */
    static final int LONGEST = 64 * 1024;

    static final byte[] NONE = {};

    private static final byte[] EXTENSIONS = "sec-websocket-extensions".getBytes(US_ASCII);
    private static final byte INSTEAD = '-';
    private static final int FIRST_SIZE = 1024;

    /** The rest of the line is no name. */
    private static final int REST = -1;

    private byte[] head = NONE;
    private int length;
    private boolean tooLong;
    private boolean complete;
    private boolean hasContent;

    /** How many bytes of the name have matched, or {@link #REST}. */
    private int matched;

    /** Takes bytes of a head, which may be changed. */
    void read(ByteBuffer bytes, int from, int to) {
        if (complete) {
            begin();
        }
        int begin = from;
        while (length == 0 && begin < to && Lines.isEnd(bytes.get(begin))) {
            begin++; // empty lines ahead are no part of it
        }
        rename(bytes, begin, to);
        keep(bytes, begin, to);
    }

    private void begin() {
        length = 0;
        matched = 0;
        tooLong = false;
        complete = false;
    }

    /**
     * The head has ended.
     *
     * @param content whether content follows, which is not recorded
     */
    void end(boolean content) {
        complete = true;
        hasContent = content;
    }

    private void rename(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (matched == REST) {
                at = Lines.endIn(bytes, at, to);
                if (at == to) {
                    return;
                }
            }
            byte b = bytes.get(at);
            if (Lines.isEnd(b)) {
                matched = 0;
            } else if ((b | 0x20) != EXTENSIONS[matched]) {
                matched = REST;
            } else if (matched == EXTENSIONS.length - 1) {
                bytes.put(at, INSTEAD);
                matched = REST;
            } else {
                matched++;
            }
            at++;
        }
    }

    private void keep(ByteBuffer bytes, int from, int to) {
        int added = to - from;
        if (tooLong || added > LONGEST - length) {
            tooLong = true;
            return;
        }
        if (length + added > head.length) {
            head = Arrays.copyOf(head, Math.max(FIRST_SIZE, Math.max(2 * head.length, length + added)));
        }
        bytes.get(from, head, length, added);
        length += added;
    }

    /**
     * Returns the head if it asks for a WebSocket (RFC 6455, 4.1), no content follows, and it could be recorded; empty
     * otherwise.
     */
    byte[] ofWebSocket() {
        return !tooLong && !hasContent && asksForWebSocket() ? Arrays.copyOf(head, length) : NONE;
    }

    private boolean asksForWebSocket() {
        String[] lines = new String(head, 0, length, ISO_8859_1).split("\r?\n");
        return lines[0].startsWith("GET ")
                && lines[0].endsWith(" HTTP/1.1")
                && has(lines, "upgrade", "websocket")
                && has(lines, "sec-websocket-version", "13");
    }

    private static boolean has(String[] lines, String name, String value) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0
                    && line.substring(0, colon).equalsIgnoreCase(name)
                    && line.substring(colon + 1)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .equals(value)) {
                return true;
            }
        }
        return false;
    }
}
