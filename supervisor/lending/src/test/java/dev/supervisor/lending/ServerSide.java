package dev.supervisor.lending;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** One of two server channels on which the same operations are performed: lent, or the JDK's. */
final class ServerSide implements Closeable {

    final ServerSocketChannel subject;
    final Selector selector = Selector.open();
    final List<SocketChannel> peers = new ArrayList<>();
    final List<SocketChannel> accepted = new ArrayList<>();
    private final SelfTestLender lender = new SelfTestLender();

    private ServerSide(boolean lent) throws IOException {
        lender.opened(selector);
        subject = lent ? LoopbackBorrower.PROVIDER.openFor(lender) : ServerSocketChannel.open();
    }

    static ServerSide lent() throws IOException {
        return new ServerSide(true);
    }

    static ServerSide real() throws IOException {
        return new ServerSide(false);
    }

    ServerSide bound() throws IOException {
        subject.bind(address());
        return this;
    }

    static InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    boolean isBound() {
        return subject.socket().isBound();
    }

    void connect() throws IOException {
        if (subject instanceof LentServerChannel lent) {
            peers.add(lender.connect(lent));
        } else {
            peers.add(SocketChannel.open(subject.getLocalAddress()));
        }
    }

    /** A connection that can be accepted when this returns. */
    void connectAndWait() throws IOException {
        connect();
        if (!(subject instanceof LentServerChannel)) {
            Kernel.await(subject, Kernel.POLLIN);
        }
    }

    int waiting() {
        return peers.size() - accepted.size();
    }

    /** Ports differ by nature. */
    String normal(String text) {
        return text.replaceAll("((:|port=)|\\b)\\d{5}\\b", "$2PORT");
    }

    @Override
    public void close() throws IOException {
        subject.close();
        selector.close();
        for (SocketChannel channel : accepted) {
            channel.close();
        }
        for (SocketChannel channel : peers) {
            channel.close();
        }
        lender.close();
    }
}
