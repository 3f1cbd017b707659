package dev.supervisor.socket;

import dev.supervisor.socket.netty.ConnectionChannel;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One accepted connection, which may live through many generations: its socket, and what was read from that and not
 * consumed by the generation that read it. The next owner is given these bytes before any from the socket.
 *
 * <p>Belongs to one thread at a time: the gate's while it waits, and the event loop's of the {@link ConnectionChannel}
 * that was made of it last.
 */
public final class Connection {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final byte[] NOTHING = {};

    private final SocketChannel socket;
    private final ConnectionSink sink;

    /** On the heap and not counted by reference, so that no end of a connection can leak it. */
    private byte[] unread = NOTHING;

    /** Nobody waits for anything on it. */
    private boolean idle;

    private boolean ended;

    public Connection(SocketChannel socket, ConnectionSink sink) {
        this.socket = socket;
        this.sink = sink;
    }

    public SocketChannel socket() {
        return socket;
    }

    /** Offers this connection to its gate, which finds the next owner. From any thread. */
    public void offer() {
        sink.offer(this);
    }

    /** Has the gate close this connection so that the last bytes written to it are not lost. From any thread. */
    public void seeOff() {
        sink.seeOff(this);
    }

    /** Whether others should go first, on which somebody waits. */
    public boolean isIdle() {
        return idle;
    }

    public void setIdle(boolean nobodyWaits) {
        idle = nobodyWaits;
    }

    public boolean hasUnread() {
        return unread.length > 0;
    }

    int unread() {
        return unread.length;
    }

    /** Bytes that have come after those that are unread; they are consumed. */
    void append(ByteBuffer bytes) {
        int former = unread.length;
        unread = Arrays.copyOf(unread, former + bytes.remaining());
        bytes.get(unread, former, bytes.remaining());
    }

    /** Bytes that are to be read again, before all others; they are consumed. */
    public void pushBack(ByteBuf bytes) {
        int pushed = bytes.readableBytes();
        byte[] all = new byte[pushed + unread.length];
        bytes.readBytes(all, 0, pushed);
        System.arraycopy(unread, 0, all, pushed, unread.length);
        unread = all;
    }

    /** Reads what is unread, as far as there is room in the buffer, and returns how many bytes that was. */
    public int read(ByteBuf buffer) {
        int length = Math.min(unread.length, buffer.writableBytes());
        buffer.writeBytes(unread, 0, length);
        unread = length == unread.length ? NOTHING : Arrays.copyOfRange(unread, length, unread.length);
        return length;
    }

    /** Closes the socket, if it is still open, and counts the end of the connection once. From any thread. */
    public void end() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("can't close {}", socket, e);
        }
        if (endsNow()) {
            sink.ended();
        }
    }

    /** Both a channel and whoever closes its socket from outside may see the end. */
    private synchronized boolean endsNow() {
        boolean first = !ended;
        ended = true;
        return first;
    }
}
