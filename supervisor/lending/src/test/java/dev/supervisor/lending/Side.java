package dev.supervisor.lending;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * One of two connections on which the same operations are performed: the subject, which is lent or the JDK's, and its peer. The
 * byte at each place of a stream is known, so that what arrives is compared with what was sent, not kept. Whatever a peer does
 * has arrived before its method returns.
 */
final class Side implements AutoCloseable {

    final SocketChannel subject;
    final SocketChannel peer;

    /** What the kernel knows the subject's socket by. */
    final SocketChannel socket;

    final TestBorrower borrower = new TestBorrower();
    final Selector[] selectors = new Selector[2];

    private final int peerPort;
    boolean inputShut;
    boolean outputShut;
    boolean peerOutputShut;
    boolean peerClosed;
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
        return (byte) (place * 31 + (place >> 8) * 7);
    }

    // The subject

    /** The bytes that it is to write next. */
    byte[] next(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = byteAt(written + i);
        }
        return bytes;
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
            Kernel.awaitBytes(peer, (int) backlog());
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
