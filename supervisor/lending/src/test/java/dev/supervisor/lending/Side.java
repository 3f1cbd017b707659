package dev.supervisor.lending;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One of two connections on which the same operations are performed: the subject, which is lent or the JDK's, and its peer. The
 * byte at each place of a stream is known, so that what arrives is compared with what was sent, not kept. Whatever a peer does
 * has arrived before its method returns.
 */
final class Side implements Closeable {

    /** Twice what repeats, so that each part is in one piece. */
    private static final byte[] PATTERN = pattern();

    final SocketChannel subject;
    final SocketChannel peer;

    /** What the kernel knows the subject's socket by. */
    final SocketChannel socket;

    final LoopbackBorrower borrower = new LoopbackBorrower();
    final Selector[] selectors = new Selector[2];

    private final int peerPort;
    boolean inputShut;
    boolean outputShut;
    boolean peerOutputShut;
    boolean peerClosed;
    private @Nullable InputStream input;
    private @Nullable OutputStream output;
    private long sent;
    private long read;
    private long written;
    private long received;

    private Side(ServerSocketChannel listener, boolean lent) throws IOException {
        peer = SocketChannel.open(listener.getLocalAddress());
        peerPort = peer.socket().getLocalPort();
        peer.configureBlocking(false);
        socket = listener.accept();
        subject = lent ? borrower.lent(new PlainTraffic(socket)) : socket;
        for (int i = 0; i < selectors.length; i++) {
            selectors[i] = borrower.openSelector();
        }
    }

    static ServerSocketChannel listen() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    static Side lent(ServerSocketChannel listener) throws IOException {
        return new Side(listener, true);
    }

    static Side real(ServerSocketChannel listener) throws IOException {
        return new Side(listener, false);
    }

    static byte byteAt(long place) {
        return PATTERN[(int) (place & 0xffff)];
    }

    private static byte[] pattern() {
        byte[] bytes = new byte[0x20000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + ((i & 0xffff) >> 8) * 7);
        }
        return bytes;
    }

    // The subject

    /** The bytes that it is to write next. */
    byte[] next(int count) {
        int begin = (int) (written & 0xffff);
        return Arrays.copyOfRange(PATTERN, begin, begin + count);
    }

    void wrote(long count) throws IOException {
        written += count;
        if (peerClosed && count > 0 && subject.isOpen()) {
            Kernel.await(socket, Kernel.POLLHUP | Kernel.POLLERR); // the answer is a reset
        }
    }

    /** Returns whether these are the bytes that the peer has sent. */
    boolean isNext(byte[] bytes, int count) {
        boolean right = true;
        for (int i = 0; i < count; i++) {
            right &= bytes[i] == byteAt(read + i);
        }
        read += count;
        return right;
    }

    /** A stream that was there before, or a new one: it may be refused, when the other still answers. */
    InputStream input(boolean kept) throws IOException {
        InputStream stream = input;
        if (stream == null || !kept) {
            stream = subject.socket().getInputStream();
            input = stream;
        }
        return stream;
    }

    OutputStream output(boolean kept) throws IOException {
        OutputStream stream = output;
        if (stream == null || !kept) {
            stream = subject.socket().getOutputStream();
            output = stream;
        }
        return stream;
    }

    /** How many bytes the peer has not read. */
    long backlog() {
        return written - received;
    }

    boolean readsAtOnce() throws IOException {
        return !subject.isOpen() || inputShut || Kernel.poll(socket, Kernel.POLLIN, 0) != 0;
    }

    boolean writesAtOnce(int count) throws IOException {
        return !subject.isOpen()
                || outputShut
                || Kernel.poll(socket, Kernel.POLLHUP, 0) != 0
                || backlog() + count < 60_000;
    }

    // The peer

    boolean peerCanSend() {
        return !peerClosed && !peerOutputShut && subject.isOpen() && !(inputShut && outputShut) && sent - read < 40_000;
    }

    void peerSends(int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) {
            bytes.put(byteAt(sent++));
        }
        bytes.flip();
        int before = Kernel.available(socket);
        while (bytes.hasRemaining()) {
            peer.write(bytes);
        }
        Kernel.awaitBytes(socket, before + count);
    }

    void peerShutsOutput() throws IOException {
        peer.shutdownOutput();
        peerOutputShut = true;
        awaitEnd(0);
    }

    void peerCloses() throws IOException {
        boolean resets = backlog() > 0;
        if (resets && subject.isOpen()) {
            Kernel.await(peer, Kernel.POLLIN);
        }
        peer.close();
        peerClosed = true;
        awaitEnd(resets ? Kernel.POLLHUP | Kernel.POLLERR : 0);
    }

    void peerResets() throws IOException {
        peer.setOption(StandardSocketOptions.SO_LINGER, 0);
        peer.close();
        peerClosed = true;
        awaitEnd(Kernel.POLLHUP | Kernel.POLLERR);
    }

    private void awaitEnd(int events) throws IOException {
        if (subject.isOpen()) {
            Kernel.await(socket, events == 0 ? Kernel.POLLRDHUP | Kernel.POLLHUP : events);
        }
    }

    /** Reads all that the subject has written; or, at the end, whatever comes. */
    String peerReads() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(65_536);
        boolean right = true;
        while (received < written) {
            Kernel.await(peer, Kernel.POLLIN);
            bytes.clear();
            if (peer.read(bytes) < 0) {
                return "early end";
            }
            right &= isWritten(bytes);
        }
        return right ? "all" : "wrong bytes";
    }

    private boolean isWritten(ByteBuffer bytes) {
        boolean right = true;
        for (int i = 0; i < bytes.position(); i++) {
            right &= bytes.get(i) == byteAt(received++);
        }
        return right;
    }

    /** After the subject has been closed. */
    String peerSeesEnd() throws IOException {
        if (peerClosed) {
            return "peer has closed";
        }
        Kernel.await(peer, Kernel.POLLRDHUP | Kernel.POLLHUP);
        ByteBuffer bytes = ByteBuffer.allocate(65_536);
        boolean right = true;
        try {
            while (peer.read(bytes.clear()) >= 0) {
                right &= isWritten(bytes);
                Kernel.await(peer, Kernel.POLLIN);
            }
        } catch (IOException e) {
            return "reset " + right;
        }
        return "end " + right + (received == written);
    }

    // Words for what differs by nature

    String normal(String text) {
        return text.replace(":" + peerPort, ":PEER").replace("=" + peerPort, "=PEER");
    }

    @Override
    public void close() throws IOException {
        subject.close();
        peer.close();
        for (Selector selector : selectors) {
            if (selector.isOpen()) {
                selector.selectNow();
                selector.close();
            }
        }
    }
}
