package dev.supervisor.socket;

import dev.supervisor.Departure;
import dev.supervisor.ProxyProtocol.Addresses;
import dev.supervisor.socket.tls.TlsStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One accepted connection, which may live through many generations: its socket, and the bytes read from it that no
 * generation has consumed. The next owner is given these bytes before any from the socket.
 *
 * <p>Where the supervisor ends TLS, there are bytes of two kinds. Owners read, write and push back plaintext; what was read
 * from the socket ahead of an owner is ciphertext, and comes before all that the socket still has.
 *
 * <p>Owned by one thread at a time: the accept loop while it waits at the gate, otherwise the event loop of its latest
 * channel.
 */
public final class Connection {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final byte[] NOTHING = {};

    private final SocketChannel socket;
    private final ConnectionSink sink;

    /** Null if the bytes of the socket are passed on as they are. */
    private final @Nullable TlsStream tls;

    /** Plaintext, if there is TLS. On the heap and not reference-counted, so that no way of ending a connection can leak it. */
    private byte[] unread = NOTHING;

    /** The head of the request that has opened a WebSocket, for the next owner; empty if it is none. */
    private byte[] webSocketRequest = NOTHING;

    /** What the application has handed to the next generation with the connection; null if it has not. */
    private byte @Nullable [] state;

    /** No client is waiting for an answer on this connection; written by the owner. */
    private boolean idle;

    /** What a proxy has told, before the connection had its first owner. */
    private Optional<Addresses> proxied = Optional.empty();

    private boolean ended;

    /** Makes a connection without TLS. */
    public Connection(SocketChannel socket, ConnectionSink sink) {
        this(socket, sink, null);
    }

    /** @param engines null if the supervisor ends no TLS here */
    public Connection(SocketChannel socket, ConnectionSink sink, @Nullable TlsEngines engines) {
        this.socket = socket;
        this.sink = sink;
        this.tls = engines == null ? null : new TlsStream(socket, engines::newEngine);
    }

    public SocketChannel socket() {
        return socket;
    }

    /** Returns what the proxy has told that has made the connection for its client; empty for one without a proxy. */
    public Optional<Addresses> proxied() {
        return proxied;
    }

    void setProxied(Addresses told) {
        proxied = Optional.of(told);
    }

    /** Returns the address of the proxy's client; empty if the socket's is the right one. */
    public Optional<InetSocketAddress> proxiedClient() {
        return proxied.flatMap(Addresses::client);
    }

    /** Returns the address that the proxy's client has connected to; empty if the socket's is the right one. */
    public Optional<InetSocketAddress> proxiedServer() {
        return proxied.flatMap(Addresses::server);
    }

    /** Whether the peer may be a process of this machine, as far as a proxy tells. Of a client that is not known, it does not. */
    public boolean mayBeLocal() {
        return proxied.isEmpty()
                || proxiedClient()
                        .filter(client -> client.getAddress().isLoopbackAddress())
                        .isPresent();
    }

    /** Offers this connection to its gate, which finds the next owner. May be called from any thread. */
    public void offer() {
        sink.offer(this);
    }

    /**
     * Has the gate close this connection without losing the last bytes written to it. May be called from any thread.
     */
    public void closeLingering() {
        sink.closeLingering(this);
    }

    /** Returns true if no client is waiting for an answer, so that other connections should go first. */
    public boolean isIdle() {
        return idle;
    }

    public void setIdle(boolean nobodyWaits) {
        idle = nobodyWaits;
    }

    /** Whether the connection is a WebSocket between two messages, which the next owner has to open for itself. */
    public boolean isWebSocket() {
        return webSocketRequest.length > 0;
    }

    /** Returns the head of the request that has opened the WebSocket; empty if it is none. */
    public byte[] webSocketRequest() {
        return webSocketRequest;
    }

    /** Returns what the application of the owner before has handed over with the connection. */
    public Optional<byte[]> state() {
        return Optional.ofNullable(state).map(byte[]::clone);
    }

    /**
     * Sets what the next owner finds.
     *
     * @param openedBy the head of the request that has opened the WebSocket; empty if it is none
     * @param handedOver what the application hands over; null if it does not
     */
    public void leave(byte[] openedBy, byte @Nullable [] handedOver) {
        webSocketRequest = openedBy;
        state = handedOver;
    }

    /** Returns what reads and writes plaintext; null if the socket does, since the supervisor ends no TLS here. */
    public @Nullable TlsStream tls() {
        return tls;
    }

    /** Returns whether there may be something to read that the socket does not know of. */
    public boolean hasUnread() {
        return unread.length > 0 || (tls != null && tls.hasUnread());
    }

    /** Returns whether {@link #read} has something: bytes that were pushed back, or came ahead of an owner without TLS. */
    public boolean hasPushedBack() {
        return unread.length > 0;
    }

    /** Returns how many bytes were pushed back. */
    public int pushedBack() {
        return unread.length;
    }

    public int unread() {
        return unread.length + (tls == null ? 0 : tls.unread());
    }

    /** Whether another process could go on with it: there are no keys of TLS. May be called from any thread. */
    public boolean canLeaveProcess() {
        return tls == null || !tls.hasBegun();
    }

    /** Returns the unread bytes of the socket, which belong to the caller from now on. */
    byte[] takeUnread() {
        if (tls != null) {
            return tls.takeAll();
        }
        byte[] taken = unread;
        unread = NOTHING;
        return taken;
    }

    /** Appends bytes from the socket to the unread ones, and consumes them. */
    void append(ByteBuffer bytes) {
        if (tls != null) {
            tls.append(bytes);
            return;
        }
        int former = unread.length;
        unread = Arrays.copyOf(unread, former + bytes.remaining());
        bytes.get(unread, former, bytes.remaining());
    }

    /** Puts bytes back, to be read again before all others, and consumes them. */
    public void pushBack(ByteBuf bytes) {
        int pushed = bytes.readableBytes();
        byte[] all = new byte[pushed + unread.length];
        bytes.readBytes(all, 0, pushed);
        System.arraycopy(unread, 0, all, pushed, unread.length);
        unread = all;
    }

    /** Puts bytes back, to be read again before all others, and consumes them. */
    public void pushBack(ByteBuffer bytes) {
        pushBack(Unpooled.wrappedBuffer(bytes));
        bytes.position(bytes.limit());
    }

    /** Moves bytes that were pushed back into the buffer, as far as there is room, and returns how many. */
    public int read(ByteBuffer buffer) {
        int length = Math.min(unread.length, buffer.remaining());
        buffer.put(unread, 0, length);
        consumed(length);
        return length;
    }

    /** Reads from the socket, or its plaintext. Returns 0 if there is nothing now, and -1 at the end. */
    public int receive(ByteBuffer target) throws IOException {
        return tls == null ? socket.read(target) : tls.read(target);
    }

    /** Writes to the socket, encrypted where there is TLS. Returns how much has been written, which may be nothing. */
    public long send(ByteBuffer[] sources, int offset, int length) throws IOException {
        return tls == null ? socket.write(sources, offset, length) : tls.write(sources, offset, length);
    }

    /** Ends the direction to the peer, by TLS too. */
    public void shutdownOutput() throws IOException {
        closeTls();
        socket.shutdownOutput();
    }

    /** Tells the peer of the end by TLS, as far as the socket takes that. Returns whether it has taken all. */
    public boolean closeTls() {
        return tls == null || tls.closeOutput();
    }

    /** Whether the peer has to be told of a fault of TLS, or of bytes that were promised to be sent. */
    public boolean hasLastWords() {
        return tls != null && (tls.hasFailed() || tls.hasUnsent());
    }

    /** Counts that this connection has left a backend that was replaced. May be called from any thread. */
    public void departed(Departure how) {
        sink.departed(how);
    }

    private void consumed(int length) {
        unread = length == unread.length ? NOTHING : Arrays.copyOfRange(unread, length, unread.length);
    }

    /** Moves bytes that were pushed back into the buffer, as far as there is room, and returns how many. */
    public int read(ByteBuf buffer) {
        int length = Math.min(unread.length, buffer.writableBytes());
        buffer.writeBytes(unread, 0, length);
        consumed(length);
        return length;
    }

    /**
     * Closes the socket, if it is still open, and counts the end of the connection once. May be called from any thread.
     */
    public void end() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("can't close {}", socket, e);
        }
        if (endsNow()) {
            if (tls != null) {
                tls.release();
            }
            sink.ended();
        }
    }

    /** Returns true to the first caller only: a channel and {@code endFromOutside} may both see the end. */
    private synchronized boolean endsNow() {
        boolean first = !ended;
        ended = true;
        return first;
    }
}
