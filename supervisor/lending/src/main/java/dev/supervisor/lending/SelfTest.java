package dev.supervisor.lending;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.DefaultSelectorProvider;

/**
 * Tries lent channels on the running JDK, of which they use internal classes: sockets of the loopback interface are accepted,
 * selected, read, written and closed. Leaves no thread and no descriptor behind.
 */
public final class SelfTest {

    private static final long PATIENCE_MILLIS = 2_000;

    private final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    private volatile String step = "to start";
    private volatile @Nullable Throwable failure;

    private SelfTest() {}

    /** Returns why lending does not work here, in one line; empty if it works. Takes some milliseconds, two seconds at most. */
    public static Optional<String> problem() {
        return new SelfTest().run();
    }

    private Optional<String> run() {
        Thread thread = new Thread(this::tryAll, "supervisor-lending-test");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(PATIENCE_MILLIS);
            boolean late = thread.isAlive();
            if (late) {
                thread.interrupt(); // closes what it waits for
                thread.join(PATIENCE_MILLIS);
            }
            return late
                    ? Optional.of("can't " + step + ": nothing happens")
                    : Optional.ofNullable(failure).map(this::said);
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private String said(Throwable e) {
        Throwable cause = e;
        while (cause instanceof ExceptionInInitializerError && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return ("can't " + step + ": " + cause).replaceAll("\\s+", " ");
    }

    @SuppressWarnings("CatchThrowable") // an internal class that is missing, or not what it was, is the answer
    private void tryAll() {
        try (SelfTestLender lender = new SelfTestLender();
                Selector selector = DefaultSelectorProvider.get().openSelector()) {
            lender.opened(selector);
            try (LentServerChannel server = new LendingProvider().openFor(lender)) {
                server.bind(lender.address());
                tryBlocking(lender, server);
                trySelected(lender, server, selector);
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    @SuppressWarnings("try") // closes one by hand, to see what comes of it
    private void tryBlocking(SelfTestLender lender, LentServerChannel server) throws Exception {
        step = "accept";
        try (SocketChannel peer = lender.connect(server);
                SocketChannel lent = Objects.requireNonNull(server.accept())) {
            step = "read";
            send(peer, 'a');
            expect(read(lent) == 'a');
            step = "write";
            send(lent, 'b');
            expect(read(peer) == 'b');
            step = "wake a thread that reads";
            SelfTestLender.Connection connection = lender.latest();
            Thread waker = new Thread(() -> connection.set(Traffic.Readiness.NOW), "supervisor-lending-test-waker");
            connection.set(Traffic.Readiness.NOT);
            waker.start();
            expect(read(lent) == SelfTestLender.OF_LENDER);
            waker.join();
            step = "close";
            lent.close();
            await(connection.end());
            expect(read(peer) < 0);
        }
    }

    private void trySelected(SelfTestLender lender, LentServerChannel server, Selector selector) throws Exception {
        step = "select a server channel";
        server.configureBlocking(false);
        SelectionKey acceptable = server.register(selector, SelectionKey.OP_ACCEPT);
        expect(selector.selectNow() == 0);
        try (SocketChannel peer = lender.connect(server)) {
            await(selector, acceptable);
            try (SocketChannel lent = Objects.requireNonNull(server.accept())) {
                expect(selector.selectNow() == 0);
                trySelected(lender.latest(), lent, peer, selector);
            }
        }
    }

    @SuppressWarnings("try")
    private void trySelected(
            SelfTestLender.Connection connection, SocketChannel lent, SocketChannel peer, Selector selector)
            throws Exception {
        step = "select a connection";
        lent.configureBlocking(false);
        SelectionKey readable = lent.register(selector, SelectionKey.OP_READ);
        expect(selector.selectNow() == 0);
        send(peer, 'c');
        await(selector, readable);
        step = "keep a connection from being selected";
        connection.set(Traffic.Readiness.NOT);
        var unused = selector.selectNow();
        selector.selectedKeys().clear();
        expect(selector.selectNow() == 0);
        connection.set(Traffic.Readiness.WITH_SOCKET);
        await(selector, readable);
        expect(read(lent) == 'c');
        step = "have a connection selected";
        Thread waker = new Thread(() -> connection.set(Traffic.Readiness.NOW), "supervisor-lending-test-waker");
        waker.start();
        await(selector, readable);
        waker.join();
        expect(read(lent) == SelfTestLender.OF_LENDER);
        step = "close a selected connection";
        connection.set(Traffic.Readiness.WITH_SOCKET);
        lent.close();
        expect(selector.selectNow() == 0);
        await(connection.end());
    }

    private void await(Selector selector, SelectionKey key) throws IOException {
        while (!selector.selectedKeys().remove(key)) {
            expect(System.nanoTime() < deadline);
            var unused = selector.select(PATIENCE_MILLIS);
        }
    }

    private void await(CountDownLatch latch) throws InterruptedException {
        expect(latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
    }

    private static void expect(boolean right) {
        if (!right) {
            throw new IllegalStateException("wrong answer");
        }
    }

    private static void send(SocketChannel channel, char value) throws IOException {
        expect(channel.write(ByteBuffer.wrap(new byte[] {(byte) value})) == 1);
    }

    private static int read(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        return channel.read(buffer) < 0 ? -1 : buffer.position() == 0 ? -2 : buffer.get(0);
    }
}
