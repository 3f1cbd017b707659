package dev.supervisor.socket.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/**
 * Reads the heads of the HTTP/1 messages of one direction, one after the other: the start line and the header fields
 * (RFC 9112, 2 to 5). Stricter than most servers: what two servers could read differently is malformed. Lines may end
 * with LF alone.
 *
 * <pre>
 * request:  BLANK_LINE → METHOD → TARGET_BEGIN → TARGET ─┐          ┌──▶ OTHER_NAME → OTHER_VALUE ─┐
 *                                                        ├─▶ FIELD ─┴──▶ KNOWN_NAME → KNOWN_VALUE ─┤
 * response: STATUS → REASON ─────────────────────────────┘    ▲ │                                  │
 *                                                             │ └─ empty line ─▶ COMPLETE          │
 *                                                             └────────────────────────────────────┘
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class HeadReader {

    /** The longest head, in bytes; servers take much less. */
    static final int LONGEST = 256 * 1024;

    static final byte OTHER = 0;
    static final byte HEAD = 1;
    static final byte CONNECT = 2;

    private static final byte[] STATUS_BEGIN = "HTTP/1.".getBytes(US_ASCII);
    private static final int FIRST_DIGIT_OF_STATUS = STATUS_BEGIN.length + 2;
    private static final int STATUS_LENGTH = FIRST_DIGIT_OF_STATUS + 3;

    private static final long METHOD_HEAD = word("HEAD");
    private static final long METHOD_CONNECT = word("CONNECT");
    private static final long VERSION_1_0 = word("HTTP/1.0");
    private static final long VERSION_1_1 = word("HTTP/1.1");

    private enum State {
        BLANK_LINE,
        METHOD,
        TARGET_BEGIN,
        TARGET,
        STATUS,
        REASON,
        FIELD,
        KNOWN_NAME,
        OTHER_NAME,
        KNOWN_VALUE,
        OTHER_VALUE,
        LINE_FEED,
        COMPLETE,
        MALFORMED
    }

    private final State initial;
    private final FramingFields fields = new FramingFields();

    private State state;

    /** The state in which a CR came, while a LF must follow. */
    private State line;

    /** The last eight bytes of the method, or of the request line behind it. */
    private long window;

    /** The byte before {@link #window}. */
    private byte before;

    /** How many bytes of the status line, or of a field's name, have matched. */
    private int matched;

    private KnownField name = KnownField.OTHER;
    private int length;
    private int status;
    private byte method;
    private boolean http10;

    private HeadReader(State initial) {
        this.initial = initial;
        this.state = initial;
        this.line = initial;
    }

    static HeadReader ofRequests() {
        return new HeadReader(State.BLANK_LINE);
    }

    static HeadReader ofResponses() {
        return new HeadReader(State.STATUS);
    }

    private static long word(String text) {
        long word = 0;
        for (byte b : text.getBytes(US_ASCII)) {
            word = word << 8 | b;
        }
        return word;
    }

    /** Makes ready for the next head. */
    void next() {
        state = initial;
        length = matched = status = 0;
        method = OTHER;
        http10 = false;
        fields.clear();
    }

    /**
     * Reads from [from, to) to the end of the head or of an empty line ahead of it, or all.
     *
     * @return the index behind the last byte that was read
     */
    int read(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (at < to && state != State.COMPLETE && state != State.MALFORMED) {
            at = switch (state) {
                case BLANK_LINE -> readBlankLine(bytes.get(at), at);
                case METHOD -> readMethod(bytes, at, to);
                case TARGET_BEGIN -> readTargetBegin(bytes.get(at), at);
                case TARGET -> readTarget(bytes, at, to);
                case STATUS -> readStatus(bytes.get(at), at);
                case FIELD -> readFieldBegin(bytes.get(at), at);
                case KNOWN_NAME -> readKnownName(bytes, at, to);
                case OTHER_NAME -> readOtherName(bytes, at, to);
                case KNOWN_VALUE -> readKnownValue(bytes, at, to);
                case REASON, OTHER_VALUE -> readLine(bytes, at, to);
                case LINE_FEED -> readLineFeed(bytes.get(at), at);
                case COMPLETE, MALFORMED -> throw new IllegalStateException();
            };
            if (state == State.BLANK_LINE) {
                break; // an empty line has ended, and what follows may be another generation's
            }
        }
        length += at - from;
        if (length > LONGEST) {
            state = State.MALFORMED;
        }
        return at;
    }

    private int readBlankLine(byte b, int at) {
        if (Lines.isEnd(b)) {
            return endLine(b, at);
        }
        window = 0;
        state = State.METHOD;
        return at;
    }

    private int readMethod(ByteBuffer bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte b = bytes.get(at);
            if (!Lines.isToken(b)) {
                method = window == METHOD_HEAD ? HEAD : window == METHOD_CONNECT ? CONNECT : OTHER;
                state = b == ' ' && window != 0 ? State.TARGET_BEGIN : State.MALFORMED;
                return at + 1;
            }
            window = window << 8 | b;
        }
        return to;
    }

    private int readTargetBegin(byte b, int at) {
        window = 0;
        before = 0;
        state = b > ' ' || b < 0 ? State.TARGET : State.MALFORMED;
        return at;
    }

    private int readTarget(ByteBuffer bytes, int from, int to) {
        int end = Lines.endIn(bytes, from, to);
        for (int at = Math.max(from, end - Long.BYTES - 1); at < end; at++) {
            before = (byte) (window >>> 56);
            window = window << 8 | (bytes.get(at) & 0xff);
        }
        return end < to ? endLine(bytes.get(end), end) : to;
    }

    private int readStatus(byte b, int at) {
        if (matched == STATUS_LENGTH) {
            if (Lines.isEnd(b)) {
                return endLine(b, at);
            }
            state = b == ' ' ? State.REASON : State.MALFORMED;
            return at + 1;
        }
        if (!isOfStatus(b)) {
            state = State.MALFORMED;
        }
        matched++;
        return at + 1;
    }

    private boolean isOfStatus(byte b) {
        if (matched < STATUS_BEGIN.length) {
            return b == STATUS_BEGIN[matched];
        }
        if (matched == STATUS_BEGIN.length) {
            http10 = b == '0';
            return b == '0' || b == '1';
        }
        if (matched < FIRST_DIGIT_OF_STATUS) {
            return b == ' ';
        }
        status = status * 10 + (b - '0');
        return b >= (matched == FIRST_DIGIT_OF_STATUS ? '1' : '0') && b <= '9';
    }

    private int readFieldBegin(byte b, int at) {
        if (Lines.isEnd(b)) {
            return endLine(b, at);
        }
        name = KnownField.beginningWith(b);
        matched = 1;
        state = !Lines.isToken(b) ? State.MALFORMED : name == KnownField.OTHER ? State.OTHER_NAME : State.KNOWN_NAME;
        return at + 1;
    }

    private int readKnownName(ByteBuffer bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte b = bytes.get(at);
            if (b == ':' && name.isWhole(matched)) {
                fields.begin(name);
                state = State.KNOWN_VALUE;
                return at + 1;
            }
            name = Lines.isToken(b) ? name.next(matched, b) : KnownField.OTHER;
            if (name == KnownField.OTHER) {
                state = State.OTHER_NAME;
                return at;
            }
            matched++;
        }
        return to;
    }

    private int readOtherName(ByteBuffer bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte b = bytes.get(at);
            if (!Lines.isToken(b)) {
                state = b == ':' ? State.OTHER_VALUE : State.MALFORMED;
                return at + 1;
            }
        }
        return to;
    }

    private int readKnownValue(ByteBuffer bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte b = bytes.get(at);
            if (Lines.isEnd(b)) {
                return endLine(b, at);
            }
            fields.accept(b);
        }
        return to;
    }

    private int readLine(ByteBuffer bytes, int from, int to) {
        int end = Lines.endIn(bytes, from, to);
        return end < to ? endLine(bytes.get(end), end) : to;
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
        } else {
            lineHasEnded();
        }
        return at + 1;
    }

    private void lineHasEnded() {
        switch (line) {
            case BLANK_LINE -> state = State.BLANK_LINE;
            case TARGET -> {
                http10 = window == VERSION_1_0;
                state = (http10 || window == VERSION_1_1) && before == ' ' ? State.FIELD : State.MALFORMED;
            }
            case KNOWN_VALUE -> {
                fields.end();
                state = State.FIELD;
            }
            case FIELD -> state = fields.isAmbiguous() ? State.MALFORMED : State.COMPLETE;
            default -> state = State.FIELD;
        }
    }

    /**
     * Whether a head has begun. Empty lines ahead of a request are no part of it, but half of one is: whoever has read its
     * CR must read its LF, since servers differ about a LF alone.
     */
    boolean hasBegun() {
        return switch (state) {
            case BLANK_LINE -> false;
            case STATUS -> matched > 0;
            default -> true;
        };
    }

    boolean isComplete() {
        return state == State.COMPLETE;
    }

    boolean isMalformed() {
        return state == State.MALFORMED;
    }

    /** Returns {@link #HEAD}, {@link #CONNECT} or {@link #OTHER}, once the head of a request is complete. */
    byte method() {
        return method;
    }

    /** Returns the status code of a response, or 0 while it has not come as a whole. */
    int status() {
        return status >= 100 ? status : 0;
    }

    boolean isHttp10() {
        return http10;
    }

    /** Whether the sender ends the connection after this message (RFC 9112, 9.3). */
    boolean isLast() {
        return fields.hasClose() || (http10 && !fields.hasKeepAlive());
    }

    FramingFields fields() {
        return fields;
    }
}
