package dev.supervisor.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.ProxyProtocol;
import dev.supervisor.ProxyProtocol.Addresses;
import dev.supervisor.Tally;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ProxyHeadersTest {

    private static final InetSocketAddress CLIENT = new InetSocketAddress("2001:db8::7", 4711);
    private static final InetSocketAddress SERVER = new InetSocketAddress("2001:db8::1", 443);
    private static final int MOST = 3;

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final IoEventLoop loop = loops.next();
    private final Gate gate = new Gate(
            "http",
            loop,
            new Gate.Limits(100, Duration.ofMinutes(1)),
            System::nanoTime,
            new ReadAhead(loop),
            accepting -> {});
    private final BlockingQueue<Connection> passed = new LinkedBlockingQueue<>();

    private ProxyHeaders headers = headers(true, Duration.ofMinutes(1));

    @SuppressWarnings("NullAway.Init")
    private ServerSocketChannel server;

    @BeforeEach
    void bind() throws IOException {
        server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private ProxyHeaders headers(boolean listed, Duration timeout) {
        ProxyProtocol.Source source = new ProxyProtocol.Source(
                Optional.empty(), Optional.of(InetAddress.getLoopbackAddress()), listed ? 32 : 0);
        return new ProxyHeaders(
                "http",
                loop,
                new ProxyProtocol(
                        listed
                                ? List.of(source)
                                : List.of(new ProxyProtocol.Source(Optional.empty(), Optional.empty(), 0)),
                        timeout),
                MOST,
                passed::add);
    }

    private Socket connect() throws IOException {
        InetSocketAddress address = (InetSocketAddress) server.getLocalAddress();
        Socket peer = new Socket(address.getAddress(), address.getPort());
        peer.setTcpNoDelay(true);
        peer.setSoTimeout(30_000);
        return peer;
    }

    private void accept() throws Exception {
        Connection connection = gate.counted(server.accept());
        loop.submit(() -> headers.accepted(connection)).get();
    }

    private static void send(Socket peer, byte[] bytes) throws IOException {
        peer.getOutputStream().write(bytes);
    }

    private static byte[] withRequest(byte[] header) {
        byte[] request = "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII);
        byte[] all = Arrays.copyOf(header, header.length + request.length);
        System.arraycopy(request, 0, all, header.length, request.length);
        return all;
    }

    private static String unread(Connection connection) {
        ByteBuf bytes = Unpooled.buffer();
        connection.read(bytes);
        return bytes.toString(US_ASCII);
    }

    private static boolean isClosed(Socket peer) throws IOException {
        try {
            return peer.getInputStream().read() < 0;
        } catch (SocketException e) { // a reset, as of a connection with unread bytes
            return true;
        }
    }

    private void awaitOpen(long expected) throws Exception {
        Await.until(expected + " are open", () -> gate.counter().tally().open() == expected);
        Tally tally = gate.counter().tally();
        assertEquals(tally.accepted(), tally.open() + tally.ended());
    }

    /** Mostly the first part is read when the connection is accepted, and the second one as the selector reports it. */
    @Test
    void aHeaderMayBeCutAnywhereAndTheBytesBehindItStayWithTheConnection() throws Exception {
        byte[] bytes = withRequest(ProxyHeader.version2(CLIENT, SERVER, ProxyHeader.extension(4, 10)));
        for (int cut = 0; cut <= bytes.length; cut++) {
            try (Socket peer = connect()) {
                send(peer, Arrays.copyOf(bytes, cut));
                accept();
                send(peer, Arrays.copyOfRange(bytes, cut, bytes.length));
                Connection connection = passed.take();
                assertEquals(Optional.of(CLIENT), connection.proxiedClient());
                assertEquals(Optional.of(SERVER), connection.proxiedServer());
                StringBuilder request = new StringBuilder(unread(connection));
                while (request.length() < 18) { // the rest is the next owner's
                    ByteBuffer one = ByteBuffer.allocate(1);
                    if (connection.socket().read(one) > 0) {
                        request.append((char) one.get(0));
                    }
                }
                assertEquals("GET / HTTP/1.1\r\n\r\n", request.toString());
                connection.end();
            }
        }
        assertEquals(0, headers.refused());
        awaitOpen(0);
    }

    @Test
    void thePeerIsTheProxyItselfOrNotKnown() throws Exception {
        try (Socket local = connect();
                Socket unknown = connect()) {
            send(local, ProxyHeader.version2(ProxyHeader.LOCAL, ProxyHeader.UNSPECIFIED));
            accept();
            Connection own = passed.take();
            assertEquals(Optional.empty(), own.proxied());
            assertTrue(own.mayBeLocal());
            own.end();
            send(unknown, "PROXY UNKNOWN\r\n".getBytes(US_ASCII));
            accept();
            Connection other = passed.take();
            assertEquals(Optional.of(Addresses.UNKNOWN), other.proxied());
            assertEquals(Optional.empty(), other.proxiedClient(), "the socket's address is all that is known");
            assertEquals(false, other.mayBeLocal());
            other.end();
        }
    }

    @Test
    void aConnectionFromElsewhereIsTakenAsItIs() throws Exception {
        headers = headers(false, Duration.ofMinutes(1));
        try (Socket peer = connect()) {
            accept();
            Connection connection = passed.take();
            assertEquals(Optional.empty(), connection.proxied());
            send(peer, ProxyHeader.version1(CLIENT, SERVER));
            ByteBuffer first = ByteBuffer.allocate(5);
            connection.socket().configureBlocking(true);
            connection.socket().read(first);
            assertEquals("PROXY", new String(first.array(), US_ASCII), "it can't tell another address");
            connection.end();
        }
    }

    @Test
    void whatIsNoHeaderIsClosedAndCounted() throws Exception {
        try (Socket at1 = connect();
                Socket later = connect()) {
            send(at1, "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
            accept();
            assertTrue(isClosed(at1));
            accept();
            send(later, "PROXY TCP4 nonsense\r\n".getBytes(US_ASCII));
            assertTrue(isClosed(later));
        }
        assertEquals(2, headers.refused());
        awaitOpen(0);
        assertTrue(passed.isEmpty());
    }

    @Test
    void aPeerThatLeavesWithoutAWordIsNoErrorAndOneThatLeavesWithinItsHeaderIs() throws Exception {
        Socket silent = connect();
        accept();
        silent.close();
        awaitOpen(0);
        Socket reset = connect();
        accept();
        reset.setSoLinger(true, 0);
        reset.close();
        awaitOpen(0);
        assertEquals(0, headers.refused());
        Socket cut = connect();
        send(cut, "PROXY TCP".getBytes(US_ASCII));
        accept();
        cut.close();
        awaitOpen(0);
        assertEquals(1, headers.refused());
    }

    @Test
    void aHealthCheckThatSendsItsHeaderAndLeavesIsPassed() throws Exception {
        try (Socket check = connect()) {
            send(check, ProxyHeader.version2(ProxyHeader.LOCAL, ProxyHeader.UNSPECIFIED));
        }
        accept();
        passed.take().end();
        assertEquals(0, headers.refused());
    }

    @Test
    void aHeaderHasItsTimeAndDripsDoNotProlongIt() throws Exception {
        headers = headers(true, Duration.ofMillis(300));
        try (Socket silent = connect();
                Socket dripping = connect()) {
            long begin = System.nanoTime();
            accept();
            accept();
            Thread drip = new Thread(() -> {
                try {
                    for (byte each : ProxyHeader.version1(CLIENT, SERVER)) {
                        send(dripping, new byte[] {each});
                        Thread.sleep(50);
                    }
                } catch (IOException | InterruptedException e) {
                    // it was closed
                }
            });
            drip.start();
            assertTrue(isClosed(silent));
            assertTrue(isClosed(dripping));
            assertTrue(System.nanoTime() - begin >= TimeUnit.MILLISECONDS.toNanos(300));
            drip.join();
        }
        assertEquals(2, headers.refused());
        awaitOpen(0);
    }

    @Test
    void silentOnesDoNotKeepOthersOut() throws Exception {
        Socket first = connect();
        accept();
        for (int i = 1; i < MOST; i++) {
            connect(); // ends with its process
            accept();
        }
        try (Socket next = connect()) {
            accept();
            assertTrue(isClosed(first), "it has waited longest");
            send(next, ProxyHeader.version1(CLIENT, SERVER));
            Connection connection = passed.take();
            assertEquals(Optional.of(CLIENT), connection.proxiedClient());
            connection.end();
        }
        first.close();
        assertEquals(1, headers.refused());
        awaitOpen(MOST - 1);
    }

    @Test
    void atTheEndWhatHasComeIsTakenAndTheOthersAreClosed() throws Exception {
        try (Socket silent = connect();
                Socket begun = connect();
                Socket complete = connect()) {
            for (int i = 0; i < 3; i++) {
                accept();
            }
            send(begun, "PROXY ".getBytes(US_ASCII));
            loop.submit(() -> {
                        send(complete, ProxyHeader.version1(CLIENT, SERVER));
                        headers.end();
                        return true;
                    })
                    .get();
            assertTrue(isClosed(silent));
            assertTrue(isClosed(begun));
            Connection connection = passed.take();
            assertEquals(Optional.of(CLIENT), connection.proxiedClient());
            connection.end();
        }
        assertEquals(0, headers.refused());
        awaitOpen(0);
    }

    @Test
    void itTellsWhenNoneWaitsAnyMore() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (Socket peer = connect()) {
            accept();
            loop.submit(() -> headers.whenNone(() -> told.add("with " + passed.size())))
                    .get();
            assertTrue(told.isEmpty());
            send(peer, ProxyHeader.version1(CLIENT, SERVER));
            assertEquals("with 1", told.take(), "what has come was passed before");
            Connection connection = passed.take();
            loop.submit(() -> headers.whenNone(() -> told.add("at once"))).get();
            assertEquals("at once", told.take());
            connection.end();
        }
    }
}
