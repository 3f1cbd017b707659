package dev.supervisor.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ReadAheadTest {

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final IoEventLoop loop = loops.next();
    private final ReadAhead readAhead = new ReadAhead(loop);
    private final Gate gate = new Gate(
            "http", loop, new Gate.Limits(1, Duration.ofMinutes(1)), System::nanoTime, readAhead, accepting -> {});
    private final BlockingQueue<Connection> left = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init")
    private Socket peer;

    @SuppressWarnings("NullAway.Init")
    private Connection connection;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
            peer = new Socket(address.getAddress(), address.getPort());
            connection = new Connection(server.accept(), gate);
        }
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        connection.end();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private <T> T onLoop(Callable<T> action) throws Exception {
        return loop.submit(action).get();
    }

    private Runnable begin() throws Exception {
        return onLoop(() -> readAhead.begin(connection, left::add));
    }

    private void send(String text) throws IOException {
        peer.getOutputStream().write(text.getBytes(US_ASCII));
    }

    private void awaitUnread(int length) throws Exception {
        while (onLoop(connection::unread) < length) {
            Thread.onSpinWait();
        }
        assertEquals(length, onLoop(connection::unread));
    }

    private String unread() throws Exception {
        return onLoop(() -> {
            ByteBuf bytes = Unpooled.buffer();
            connection.read(bytes);
            return bytes.toString(US_ASCII);
        });
    }

    @Test
    void aPeerThatLeavesWithoutAWordIsNoticed() throws Exception {
        begin();
        peer.close();
        assertSame(connection, left.take());
    }

    @Test
    void aPeerThatHasAskedAndSendsNoMoreWaitsForItsAnswer() throws Exception {
        begin();
        send("GET / HTTP/1.1\r\n\r\n");
        peer.shutdownOutput();
        awaitUnread(18);
        SocketChannel socket = connection.socket();
        assertEquals(-1, onLoop(() -> socket.read(ByteBuffer.allocate(1))), "the next owner sees the end, too");
        assertTrue(left.isEmpty());
        assertEquals("GET / HTTP/1.1\r\n\r\n", unread());
    }

    @Test
    void aResetIsNoticedWhateverWasSentBefore() throws Exception {
        begin();
        send("GET / HTTP/1.1\r\n\r\n");
        awaitUnread(18);
        peer.setSoLinger(true, 0);
        peer.close();
        assertSame(connection, left.take());
    }

    @Test
    void whatComesInPiecesStaysInOrderBehindWhatWasUnread() throws Exception {
        connection.pushBack(Unpooled.copiedBuffer("GET ", US_ASCII));
        begin();
        send("/ HTTP");
        awaitUnread(10);
        send("/1.1");
        awaitUnread(14);
        assertEquals("GET / HTTP/1.1", unread());
    }

    @Test
    void notMoreThanABoundIsKept() throws Exception {
        begin();
        send("x".repeat(10_000));
        awaitUnread(4096);
        connection.socket().configureBlocking(false);
        ByteBuffer rest = ByteBuffer.allocate(20_000);
        while (rest.position() < 10_000 - 4096) {
            connection.socket().read(rest);
        }
        assertEquals(4096, onLoop(connection::unread), "the rest is the next owner's");
    }

    @Test
    void whatTheNextOwnerIsToReadIsNotTouched() throws Exception {
        Runnable watch = begin();
        onLoop(() -> {
            send("late"); // in the kernel when the watch ends, and perhaps seen by the selector
            watch.run();
            return true;
        });
        peer.shutdownOutput();
        connection.socket().configureBlocking(true);
        ByteBuffer bytes = ByteBuffer.allocate(10);
        while (connection.socket().read(bytes) > 0) {}
        assertEquals(4, bytes.position());
        assertTrue(connection.socket().isOpen());
        assertFalse(onLoop(connection::hasUnread));
        assertTrue(left.isEmpty());
    }

    @Test
    void itCanWaitAgainOnTheSameLoop() throws Exception {
        Runnable watch = begin();
        onLoop(() -> {
            watch.run();
            return readAhead.begin(connection, left::add);
        });
        peer.close();
        assertSame(connection, left.take());
    }
}
