package dev.supervisor.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Tally;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LingeringCloseTest {

    private static final EventLoopGroup LOOP = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Gate gate = new Gate(
            "http",
            LOOP.next(),
            new Gate.Limits(1, Duration.ofMinutes(1)),
            System::nanoTime,
            (c, left) -> () -> {},
            accepting -> {});
    private final LingeringClose lingering = new LingeringClose(LOOP.next());
    private final List<Connection> connections = new ArrayList<>();
    private final List<Socket> clients = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private ServerSocketChannel server;

    @BeforeEach
    void bind() throws IOException {
        server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        connections.forEach(Connection::end);
        server.close();
    }

    @AfterAll
    static void end() {
        LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Socket connect() throws IOException {
        Socket client = new Socket();
        clients.add(client);
        client.connect(server.getLocalAddress());
        client.setSoTimeout(TIMEOUT_MILLIS);
        Connection connection = new Connection(server.accept(), gate);
        gate.counter().accepted();
        connections.add(connection);
        return client;
    }

    private Connection last() {
        return connections.get(connections.size() - 1);
    }

    /** When this returns, something of it is in the server's receive buffer. */
    private void sendUnread(Socket client, int count) throws IOException {
        client.getOutputStream().write(new byte[count]);
        last().socket().read(ByteBuffer.allocate(1)); // blocks until something has come
    }

    private void answer(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
        while (bytes.hasRemaining()) {
            last().socket().write(bytes);
        }
    }

    private void begin() throws Exception {
        Connection connection = last();
        LOOP.submit(() -> lingering.begin(connection)).get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void awaitEnd() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        LOOP.execute(() -> lingering.whenEnded(() -> ended.complete(true)));
        assertTrue(ended.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
    }

    private static String readToTheEnd(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), US_ASCII); // throws if the connection is reset
    }

    @Test
    void thePeerReceivesAllAndThenAnOrdinaryEndThoughItsOwnBytesWereNotRead() throws Exception {
        Socket client = connect();
        String response = "response".repeat(10_000);
        sendUnread(client, 10_000);
        answer(response);
        begin();
        assertEquals(response, readToTheEnd(client));
    }

    @Test
    void thePeerMaySendMoreMeanwhile() throws Exception {
        Socket client = connect();
        answer("response");
        begin();
        client.getOutputStream().write(new byte[100_000]);
        assertEquals("response", readToTheEnd(client));
        client.getOutputStream().write(new byte[100_000]);
        assertEquals(-1, client.getInputStream().read(), "still no reset");
    }

    @Test
    void itEndsAsSoonAsThePeerDoes() throws Exception {
        Socket client = connect();
        begin();
        assertEquals("", readToTheEnd(client));
        client.close();
        awaitEnd();
        assertFalse(last().socket().isOpen());
        assertEquals(new Tally(1, 0, 1), gate.counter().tally());
    }

    @Test
    void aPeerThatNeverEndsIsClosedAfterAMoment() throws Exception {
        Socket client = connect();
        begin();
        assertEquals("", readToTheEnd(client));
        awaitEnd();
        assertFalse(last().socket().isOpen());
        assertEquals(new Tally(1, 0, 1), gate.counter().tally());
    }

    @Test
    void aPeerThatResetsIsGone() throws Exception {
        Socket client = connect();
        client.setSoLinger(true, 0);
        client.close();
        begin();
        awaitEnd();
        assertFalse(last().socket().isOpen());
        assertEquals(new Tally(1, 0, 1), gate.counter().tally());
    }

    @Test
    void allThatHaveBegunAreAwaited() throws Exception {
        Socket one = connect();
        begin();
        Socket another = connect();
        begin();
        one.close();
        another.close();
        awaitEnd();
        assertEquals(new Tally(2, 0, 2), gate.counter().tally());
    }

    @Test
    void withoutAnyThereIsNothingToAwait() throws Exception {
        awaitEnd();
        assertEquals(new Tally(0, 0, 0), gate.counter().tally());
    }

    @Test
    void oneThatIsClosedAlreadyIsCounted() throws Exception {
        Socket client = connect();
        last().socket().close();
        begin();
        awaitEnd();
        assertEquals("", readToTheEnd(client));
        assertEquals(new Tally(1, 0, 1), gate.counter().tally());
    }
}
