package dev.supervisor.socket.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/**
 * Follows an HTTP/2 connection by its bytes (RFC 9113): which streams are active, and whether a GOAWAY was sent. Header
 * blocks stay compressed: only the flags of the frames count. Once the bytes are malformed, the connection is
 * {@linkplain #isLost lost}, for good.
 *
 * <p>Not thread-safe. Allocates nothing per frame, and for streams only while more are active than ever before.
 */
final class Http2Tracker {

    /** What a client begins with (RFC 9113, 3.4). */
    static final ByteBuffer PREFACE = ByteBuffer.wrap("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII))
            .asReadOnlyBuffer();

    /** The length of the frame that {@link #goAway} writes, in bytes. */
    static final int GOAWAY_LENGTH = FrameReader.HEADER_LENGTH + 8;

    private final FrameReader clientFrames = new FrameReader(new ClientListener());
    private final FrameReader serverFrames = new FrameReader(new ServerListener());
    private final StreamTable streams = new StreamTable();

    /** How many bytes of the preface have come. */
    private int prefaceLength;

    private int highestOfClient;

    /** The last stream id of the GOAWAY that was sent last; a later one must not be higher. */
    private int announced = Integer.MAX_VALUE;

    private boolean goneAway;
    private boolean lost;

    /** @param prefaceLength how many bytes of the preface have come, in bytes */
    Http2Tracker(int prefaceLength) {
        this.prefaceLength = prefaceLength;
    }

    /** Returns how many bytes of the preface these are, behind the first {@code length} of it. */
    static int prefaceIn(ByteBuffer bytes, int from, int to, int length) {
        int at = from;
        while (at < to && length + at - from < PREFACE.capacity() && bytes.get(at) == PREFACE.get(length + at - from)) {
            at++;
        }
        return at - from;
    }

    /** Follows bytes from the client. */
    void received(ByteBuffer bytes, int from, int to) {
        int ofPreface = prefaceIn(bytes, from, to, prefaceLength);
        prefaceLength += ofPreface;
        if (prefaceLength == PREFACE.capacity()) {
            clientFrames.read(bytes, from + ofPreface, to);
            lost |= clientFrames.isMalformed();
        } else {
            lost |= from + ofPreface < to;
        }
    }

    /** Follows bytes from the server. */
    void sent(ByteBuffer bytes, int from, int to) {
        serverFrames.read(bytes, from, to);
        lost |= serverFrames.isMalformed();
    }

    /** Whether a GOAWAY may be put behind what the server has sent. */
    boolean canGoAway() {
        return !lost && serverFrames.isBetweenFrames();
    }

    /**
     * Writes a GOAWAY without an error (RFC 9113, 6.8), which the caller sends.
     *
     * @param into has room for {@link #GOAWAY_LENGTH} bytes
     * @param last false to announce the end only: streams that the client has opened by then are still answered; true to
     *     name the last stream that has come
     * @throws IllegalStateException if it {@linkplain #canGoAway can't} be sent here
     */
    void goAway(ByteBuffer into, boolean last) {
        if (!canGoAway()) {
            throw new IllegalStateException("the server is inside a frame");
        }
        announce(last ? highestOfClient : Integer.MAX_VALUE);
        into.put((byte) 0)
                .put((byte) 0)
                .put((byte) 8)
                .put((byte) FrameReader.GOAWAY)
                .put((byte) 0);
        putInt(into, 0);
        putInt(into, announced);
        putInt(into, 0); // NO_ERROR
    }

    private static void putInt(ByteBuffer into, int word) {
        into.put((byte) (word >>> 24))
                .put((byte) (word >>> 16))
                .put((byte) (word >>> 8))
                .put((byte) word);
    }

    private void announce(int lastStream) {
        announced = Math.min(announced, lastStream);
        goneAway = true;
    }

    private void open(int stream, int ended) {
        lost |= !streams.open(stream, ended);
    }

    private static boolean isOfClient(int stream) {
        return (stream & 1) == 1;
    }

    /** Whether the connection can't be followed any more. */
    boolean isLost() {
        return lost;
    }

    ProtocolProgress.Streams progress() {
        return new ProtocolProgress.Streams(streams.size(), goneAway);
    }

    private final class ClientListener implements FrameReader.Listener {

        @Override
        public void headersBegun(int stream) {
            if (!isOfClient(stream)) {
                lost = true;
            } else if (stream > highestOfClient) { // others are trailers, or belong to a stream that was reset
                highestOfClient = stream;
                open(stream, 0);
            }
        }

        @Override
        public void streamEnded(int stream) {
            streams.end(stream, StreamTable.ENDED_BY_CLIENT);
        }

        @Override
        public void streamReset(int stream) {
            streams.reset(stream);
        }

        @Override
        public void streamPromised(int promised) {
            lost = true; // a client can't push
        }

        @Override
        public void goneAway(int lastStream) {
            // The client accepts no more pushes, but may open streams.
        }
    }

    private final class ServerListener implements FrameReader.Listener {

        @Override
        public void headersBegun(int stream) {
            lost |= isOfClient(stream) && stream > highestOfClient;
        }

        @Override
        public void streamEnded(int stream) {
            streams.end(stream, StreamTable.ENDED_BY_SERVER);
        }

        @Override
        public void streamReset(int stream) {
            streams.reset(stream);
        }

        @Override
        public void streamPromised(int promised) {
            if (promised == 0 || isOfClient(promised) || streams.contains(promised)) {
                lost = true;
            } else {
                open(promised, StreamTable.ENDED_BY_CLIENT);
            }
        }

        @Override
        public void goneAway(int lastStream) {
            announce(lastStream);
        }
    }
}
