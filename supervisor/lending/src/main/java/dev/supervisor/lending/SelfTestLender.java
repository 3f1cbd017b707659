package dev.supervisor.lending;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.DefaultSelectorProvider;

/** Lends a socket of the loopback interface to the {@link SelfTest}, with the JDK's channels behind it. */
final class SelfTestLender implements Borrower, Lease, AutoCloseable {

    /** What is read from a connection that is readable though its socket is not. */
    static final byte OF_LENDER = 'z';

    private final ServerSocketChannel listener;
    private final Queue<Connection> waiting = new ConcurrentLinkedQueue<>();
    private final Queue<SocketChannel> sockets = new ArrayDeque<>();
    private final CopyOnWriteArrayList<Selector> selectors = new CopyOnWriteArrayList<>();
    private @Nullable Connection latest;

    SelfTestLender() throws IOException {
        listener = DefaultSelectorProvider.get().openServerSocketChannel();
        try {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            listener.close();
            throw e;
        }
    }

    /** Returns a peer, whose connection can be accepted. */
    SocketChannel connect(LentServerChannel server) throws IOException {
        SocketChannel peer = DefaultSelectorProvider.get().openSocketChannel();
        sockets.add(peer);
        peer.connect(listener.getLocalAddress());
        SocketChannel socket = listener.accept();
        sockets.add(socket);
        Connection connection = new Connection(socket);
        latest = connection;
        waiting.add(connection);
        server.arrivalsChanged();
        return peer;
    }

    Connection latest() {
        Connection known = latest;
        if (known == null) {
            throw new IllegalStateException("none yet");
        }
        return known;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (SocketChannel socket : sockets) {
            socket.close();
        }
    }

    @Override
    public Optional<Lease> lease(BorrowedServer server, SocketAddress address, int backlog) {
        return Optional.of(this);
    }

    @Override
    public void boundItself(SocketAddress address) {}

    @Override
    public void opened(Selector selector) {
        selectors.add(selector);
    }

    @Override
    public Collection<Selector> selectors() {
        return selectors;
    }

    @Override
    public SocketAddress address() {
        return listener.socket().getLocalSocketAddress();
    }

    @Override
    public void accepting() {}

    @Override
    public @Nullable Traffic poll() {
        return waiting.poll();
    }

    @Override
    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    @Override
    public void closed() {}

    /** A connection whose readiness is set by hand. */
    static final class Connection extends PlainTraffic {

        private final CountDownLatch finished = new CountDownLatch(1);
        private volatile Readiness readiness = Readiness.WITH_SOCKET;
        private volatile @Nullable Borrowed channel;

        Connection(SocketChannel socket) throws IOException {
            super(socket);
        }

        void set(Readiness changed) {
            readiness = changed;
            Borrowed told = channel;
            if (told != null) {
                told.readableChanged();
            }
        }

        @Nullable
        Borrowed channel() {
            return channel;
        }

        CountDownLatch end() {
            return finished;
        }

        @Override
        public void accepted(Borrowed lent) {
            channel = lent;
        }

        @Override
        public Readiness readable() {
            return readiness;
        }

        @Override
        public synchronized int read(ByteBuffer target) throws IOException {
            return switch (readiness) {
                case WITH_SOCKET -> super.read(target);
                case NOT, WHEN_WRITABLE -> 0;
                case NOW -> {
                    target.put(OF_LENDER);
                    readiness = Readiness.WITH_SOCKET;
                    yield 1;
                }
            };
        }

        @Override
        public void finished() {
            super.finished();
            finished.countDown();
        }
    }
}
