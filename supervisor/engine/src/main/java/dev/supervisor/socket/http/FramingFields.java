package dev.supervisor.socket.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The values of the fields by which a message is delimited (RFC 9112, 6 and 9.3), read byte by byte. Holds those of one
 * message at a time.
 *
 * <p>Not thread-safe.
 */
final class FramingFields {

    /** No field has said a length. */
    static final long NO_LENGTH = -1;

    private static final byte[] CHUNKED = "chunked".getBytes(US_ASCII);
    private static final byte[] CLOSE = "close".getBytes(US_ASCII);
    private static final byte[] KEEP_ALIVE = "keep-alive".getBytes(US_ASCII);

    /** More than any disk holds, and far from an overflow. */
    private static final long LONGEST = 100_000_000_000_000_000L;

    private enum Phase {
        BEFORE,
        WITHIN,
        AFTER
    }

    private long contentLength;
    private boolean transferEncoding;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;
    private boolean expect;
    private boolean malformed;

    private KnownField field = KnownField.OTHER;
    private Phase phase = Phase.BEFORE;

    /** Of the field that is being read. */
    private long number;

    private byte[] expected = CLOSE;
    private int matched;

    FramingFields() {
        clear();
    }

    /** Begins the next message. */
    void clear() {
        contentLength = NO_LENGTH;
        transferEncoding = chunked = close = keepAlive = expect = malformed = false;
    }

    /** Begins a field: its name and the colon have come. */
    void begin(KnownField next) {
        field = next;
        phase = Phase.BEFORE;
        number = NO_LENGTH;
        transferEncoding |= next == KnownField.TRANSFER_ENCODING;
        expect |= next == KnownField.EXPECT;
    }

    /** Takes the next byte of the value. */
    void accept(byte b) {
        switch (field) {
            case CONTENT_LENGTH -> acceptDigit(b);
            case TRANSFER_ENCODING, CONNECTION -> acceptElement(b);
            case EXPECT, OTHER -> {}
        }
    }

    /** Ends the field: its line has ended. */
    void end() {
        switch (field) {
            case CONTENT_LENGTH -> endNumber();
            case TRANSFER_ENCODING, CONNECTION -> endElement();
            case EXPECT, OTHER -> {}
        }
    }

    private void acceptDigit(byte b) {
        if (Lines.isSpace(b)) {
            phase = phase == Phase.BEFORE ? Phase.BEFORE : Phase.AFTER;
        } else if (b < '0' || b > '9' || phase == Phase.AFTER || number >= LONGEST) {
            malformed = true;
        } else {
            phase = Phase.WITHIN;
            number = Math.max(number, 0) * 10 + (b - '0');
        }
    }

    private void endNumber() {
        malformed |= number == NO_LENGTH || (contentLength != NO_LENGTH && contentLength != number);
        contentLength = number;
    }

    private void acceptElement(byte b) {
        if (b == ',') {
            endElement();
        } else if (Lines.isSpace(b)) {
            phase = phase == Phase.BEFORE ? Phase.BEFORE : Phase.AFTER;
        } else if (phase == Phase.AFTER || !Lines.isToken(b)) {
            malformed = true;
        } else {
            match(b);
        }
    }

    private void match(byte b) {
        if (phase == Phase.BEFORE) {
            phase = Phase.WITHIN;
            matched = 0;
            expected = field == KnownField.TRANSFER_ENCODING ? CHUNKED : (b | 0x20) == 'c' ? CLOSE : KEEP_ALIVE;
        }
        boolean matches = matched >= 0 && matched < expected.length && expected[matched] == (b | 0x20);
        matched = matches ? matched + 1 : -1;
    }

    private void endElement() {
        if (phase == Phase.BEFORE) {
            return;
        }
        phase = Phase.BEFORE;
        boolean whole = matched == expected.length;
        if (field == KnownField.TRANSFER_ENCODING) {
            malformed |= chunked; // nothing may follow "chunked", itself included
            chunked = whole;
        } else if (whole) {
            close |= expected == CLOSE;
            keepAlive |= expected == KEEP_ALIVE;
        }
    }

    /** Whether peers could disagree about the length of the message. */
    boolean isAmbiguous() {
        return malformed || (transferEncoding && contentLength != NO_LENGTH);
    }

    /** Returns the value of Content-Length, in bytes, or {@link #NO_LENGTH}. */
    long contentLength() {
        return contentLength;
    }

    boolean hasTransferEncoding() {
        return transferEncoding;
    }

    /** Whether "chunked" is the last transfer coding. */
    boolean isChunked() {
        return chunked;
    }

    /** Whether Connection says "close". */
    boolean hasClose() {
        return close;
    }

    /** Whether Connection says "keep-alive". */
    boolean hasKeepAlive() {
        return keepAlive;
    }

    boolean hasExpect() {
        return expect;
    }
}
