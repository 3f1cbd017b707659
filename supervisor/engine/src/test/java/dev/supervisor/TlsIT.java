package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.SupervisorOptions.WebSockets;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.Descriptors;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.HeldSocket;
import dev.supervisor.testing.Leaks;
import dev.supervisor.testing.Mirror;
import dev.supervisor.testing.MirrorClients;
import dev.supervisor.testing.PreparedBuilds;
import dev.supervisor.testing.Programs;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import dev.supervisor.testing.TlsKeys;
import dev.supervisor.testing.WebSocketClient;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The supervisor ends TLS, and connections move as they do without. */
@Timeout(300)
class TlsIT {

    private static final int CONNECTIONS = 24;
    private static final int SWAPS = 100;
    private static final long SEED = 18;
    private static final String SOME = "some".repeat(10_000);
    private static final int MUCH = 10 * 1024 * 1024;

    @TempDir
    private Path directory;

    private int port;

    static Stream<Arguments> underLoad() {
        return Stream.concat(
                TlsKeys.providers().map(provider -> Arguments.of(provider, Swap.HOLD, SWAPS)),
                Stream.of(Arguments.of(SslProvider.JDK, Swap.OVERLAP, SWAPS / 10)));
    }

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Running start(SslProvider provider, UnaryOperator<SupervisorOptions.Builder> more) throws Exception {
        Running running = Running.with(jar(), options -> more.apply(TlsKeys.serve(options, provider, directory, port)));
        running.awaitServing(1);
        return running;
    }

    private Running start(TestBuild build) throws Exception {
        build.moveTo(jar());
        return start(SslProvider.JDK, options -> options);
    }

    private void swap(Running running, TestBuild build, int to) throws Exception {
        build.moveTo(jar());
        running.awaitServing(to);
    }

    @ParameterizedTest
    @MethodSource("underLoad")
    void everyRequestIsAnsweredInOrderThroughSwaps(SslProvider provider, Swap swap, int swaps) throws Exception {
        Descriptors before = Descriptors.atFirst();
        try (Leaks leaks = Leaks.watch()) {
            PreparedBuilds builds = PreparedBuilds.of(swaps + 1, Mirror::build, jar());
            builds.moveNext();
            try (Running running = start(provider, options -> options.swap(swap))) {
                try (MirrorClients clients = MirrorClients.connectByTls(CONNECTIONS, running.address(), SEED)) {
                    clients.awaitAnswersOf(1);
                    for (int version = 1; version <= swaps; version++) {
                        builds.moveNext();
                        running.awaitServing(version + 1);
                        clients.assertNoneFailed();
                    }
                    List<Integer> last = clients.finish();
                    clients.assertNoneFailed();
                    assertEquals(Collections.nCopies(CONNECTIONS, swaps), last);
                    assertEquals(CONNECTIONS, clients.alive());
                    assertEquals(clients.sent(), clients.received());
                    assertEquals(
                            new Tally(CONNECTIONS, CONNECTIONS, 0),
                            running.supervisor().tally("http"));
                }
                running.awaitTally(new Tally(CONNECTIONS, 0, CONNECTIONS)::equals);
                for (int generation = 1; generation <= swaps; generation++) {
                    int former = generation;
                    running.await(Event.Unloaded.class, event -> event.generation() == former, System::gc);
                }
            }
            assertEquals(List.of(), leaks.found());
        }
        before.awaitAgain();
    }

    static Stream<Arguments> programs() {
        return Stream.concat(
                Stream.of(Programs.values()).map(program -> Arguments.of(program, Swap.HOLD, false)),
                Stream.of(
                        Arguments.of(Programs.HTTP_SERVER, Swap.OVERLAP, false),
                        Arguments.of(Programs.SERVER_SOCKET, Swap.OVERLAP, true)));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void aProgramKeepsItsConnectionsThroughSwaps(Programs program, Swap swap, boolean relay) throws Exception {
        port = FreePort.find();
        program.build("v1").moveTo(jar());
        try (Running running = start(
                        SslProvider.JDK,
                        options -> options.swap(swap).relay(relay).arguments(List.of("" + port)));
                Client client = Client.connectByTls(running.address(), "TLSv1.2");
                Client other = Client.connectByTls(running.address(), "TLSv1.3")) {
            for (int generation = 1; generation <= 4; generation++) {
                if (generation > 1) {
                    swap(running, program.build("v" + generation), generation);
                }
                for (Client each : List.of(client, other)) {
                    assertEquals("v" + generation, each.get("/").body());
                    each.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + SOME.length() + "\r\n\r\n" + SOME);
                    assertEquals(SOME, each.answer().body());
                }
            }
            running.awaitTally(tally -> tally.open() == 2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theFailurePageIsServedByTlsToo(String version) throws Exception {
        try (Running running = start(Apps.http("v1"));
                Client client = Client.connectByTls(running.address(), version)) {
            assertEquals("v1 gen=1 n=1", client.get("/").body());
            Apps.starting("throw new IllegalStateException(\"broken\");").moveTo(jar());
            running.await(Event.Failed.class);
            assertTrue(client.get("/").body().contains("broken"));
            Apps.http("v2").moveTo(jar());
            Event.Serving serving = running.await(Event.Serving.class, event -> event.generation() > 1);
            assertEquals(
                    "v2 gen=" + serving.generation() + " n=1", client.get("/").body());
        }
    }

    @Test
    void muchGoesUpAndDownUnchangedThroughSwaps() throws Exception {
        byte[] bytes = new byte[MUCH];
        new Random(SEED).nextBytes(bytes);
        try (Running running = start(Apps.files("v1"));
                Client client = Client.connectSlowlyByTls(running.address(), "TLSv1.3")) {
            client.send("POST /file HTTP/1.1\r\nHost: a\r\nContent-Length: " + MUCH + "\r\n\r\n");
            Thread sender = new Thread(() -> send(client, bytes));
            sender.start();
            swap(running, Apps.files("v2"), 2);
            Answer head = client.head();
            assertEquals("v1 TLSv1.3 http/1.1", head.header("x-who"));
            assertArrayEquals(bytes, client.readBytes(MUCH));
            sender.join();
            assertEquals("v2 TLSv1.3 http/1.1", client.get("/").header("x-who"));
        }
    }

    private static void send(Client client, byte[] bytes) {
        try {
            client.send(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says hello before it has read anything, repeats a line, and says something more when the client says no more. */
    private static final String TALKING = """
            package program;

            import java.io.*;
            import java.net.*;
            import java.nio.ByteBuffer;
            import java.nio.channels.*;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]));
                    while (true) {
                        Socket socket = server.accept();
                        new Thread(() -> talk(socket)).start();
                    }
                }

                static void talk(Socket socket) {
                    try (socket) {
                        OutputStream out = socket.getOutputStream();
                        out.write("hello\\n".getBytes());
                        InputStream in = socket.getInputStream();
                        while (in.available() == 0) Thread.sleep(1);
                        int available = in.available();
                        BufferedReader lines = new BufferedReader(new InputStreamReader(in));
                        out.write((lines.readLine() + " " + available + "\\n").getBytes());
                        out.write((lines.readLine() + "\\n").getBytes());
                    } catch (IOException | InterruptedException e) {
                        return; // the client has gone
                    }
                }
            }
            """;

    /** The same without threads, but for the end. */
    private static final String SELECTING = """
            package program;

            import java.net.InetSocketAddress;
            import java.nio.ByteBuffer;
            import java.nio.channels.*;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    ServerSocketChannel server = ServerSocketChannel.open();
                    server.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])));
                    server.configureBlocking(false);
                    Selector selector = Selector.open();
                    server.register(selector, SelectionKey.OP_ACCEPT);
                    int turns = 0;
                    while (true) {
                        selector.select();
                        for (SelectionKey key : selector.selectedKeys()) {
                            if (key.isAcceptable()) {
                                SocketChannel channel = server.accept();
                                channel.configureBlocking(false);
                                turns = 0;
                                channel.register(selector, SelectionKey.OP_WRITE, ByteBuffer.wrap("hello\\n".getBytes()));
                            } else {
                                SocketChannel channel = (SocketChannel) key.channel();
                                ByteBuffer out = (ByteBuffer) key.attachment();
                                turns++;
                                channel.write(out);
                                if (!out.hasRemaining()) {
                                    ByteBuffer in = ByteBuffer.allocate(100);
                                    int length = channel.read(in);
                                    key.interestOps(SelectionKey.OP_READ);
                                    if (length < 0) {
                                        key.attach(ByteBuffer.wrap("null\\n".getBytes()));
                                        try (channel) {
                                            channel.write((ByteBuffer) key.attachment());
                                        } catch (java.io.IOException e) {
                                            continue; // the client has gone
                                        }
                                    } else if (length > 0) {
                                        String said = new String(in.array(), 0, length - 1);
                                        key.attach(ByteBuffer.wrap((said + " " + (turns < 100 ? length : -turns) + "\\n").getBytes()));
                                        key.interestOps(SelectionKey.OP_WRITE);
                                    }
                                }
                            }
                        }
                        selector.selectedKeys().clear();
                    }
                }
            }
            """;

    /** Greets, and repeats a line; asks for one thing after the other. */
    private static final String CHOOSING = """
            package program;

            import java.net.InetSocketAddress;
            import java.nio.ByteBuffer;
            import java.nio.channels.*;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    ServerSocketChannel server = ServerSocketChannel.open();
                    server.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])));
                    Selector selector = Selector.open();
                    while (true) {
                        SocketChannel channel = server.accept();
                        channel.configureBlocking(false);
                        ByteBuffer bytes = ByteBuffer.wrap("hello\\n".getBytes());
                        SelectionKey key =
                                channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                        boolean open = true;
                        while (open) {
                            selector.select();
                            selector.selectedKeys().clear();
                            if (key.isReadable()) {
                                ByteBuffer in = ByteBuffer.allocate(100);
                                open = channel.read(in) >= 0;
                                if (in.position() > 0) {
                                    bytes = in.flip();
                                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                                }
                            } else if (key.isWritable()) {
                                channel.write(bytes);
                                if (!bytes.hasRemaining()) key.interestOps(SelectionKey.OP_READ);
                            }
                        }
                        channel.close();
                        selector.selectNow();
                    }
                }
            }
            """;

    private static final String NETTY = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.buffer.*;
            import io.netty.channel.*;
            import io.netty.channel.socket.ChannelInputShutdownEvent;
            import java.nio.charset.StandardCharsets;

            public class Talking implements Application {
                public void start(ApplicationContext context) {
                    context.listener().serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
                            channel.pipeline().addLast(new Handler());
                        }
                    });
                }

                static class Handler extends SimpleChannelInboundHandler<ByteBuf> {
                    public void channelActive(ChannelHandlerContext context) {
                        say(context, "hello\\n");
                    }

                    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
                        String said = bytes.toString(StandardCharsets.UTF_8);
                        say(context, said.substring(0, said.length() - 1) + " " + said.length() + "\\n");
                    }

                    public void userEventTriggered(ChannelHandlerContext context, Object event) {
                        if (event instanceof ChannelInputShutdownEvent) {
                            say(context, "null\\n").addListener(ChannelFutureListener.CLOSE);
                        }
                    }

                    static ChannelFuture say(ChannelHandlerContext context, String text) {
                        return context.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
                    }
                }
            }
            """;

    private static TestBuild talking(String kind) {
        return switch (kind) {
            case "blocking" -> Programs.of(TALKING);
            case "selecting" -> Programs.of(SELECTING);
            default -> TestBuild.of(NETTY).withProvider("app.Talking");
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"blocking", "selecting", "netty"})
    void theEndMayComeWithTheLastBytes(String kind) throws Exception {
        port = FreePort.find();
        talking(kind).moveTo(jar());
        HeldSocket socket = new HeldSocket();
        try (Running running = start(SslProvider.JDK, options -> options.arguments(List.of("" + port)));
                Client client = Client.connectByTls(socket, running.address(), "TLSv1.3")) {
            assertEquals("hello", client.line());
            socket.hold();
            client.send("again\n");
            client.shutdownOutput();
            socket.release();
            assertEquals("again 6", client.line());
            assertEquals("null", client.line());
            assertTrue(client.isClosed());
        }
    }

    @Test
    void aServerThatReadsBeforeItWritesMaySpeakFirst() throws Exception {
        port = FreePort.find();
        Programs.of(CHOOSING).moveTo(jar());
        try (Running running = start(SslProvider.JDK, options -> options.arguments(List.of("" + port)))) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (Client client = Client.connectByTls(running.address(), version)) {
                    assertEquals("hello", client.line());
                    client.send("again\n");
                    assertEquals("again", client.line());
                }
            }
        }
    }

    /** Says something and ends its direction, on a thread of its own. */
    private static final String PARTING = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.buffer.*;
            import io.netty.channel.*;
            import io.netty.channel.socket.SocketChannel;
            import java.nio.charset.StandardCharsets;

            public class Parting implements Application {
                public void start(ApplicationContext context) {
                    context.listener().serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                                protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
                                    new Thread(() -> part((SocketChannel) channel)).start();
                                }
                            });
                        }
                    });
                }

                static void part(SocketChannel channel) {
                    channel.writeAndFlush(Unpooled.copiedBuffer("bye\\n", StandardCharsets.UTF_8));
                    channel.shutdownOutput();
                }
            }
            """;

    @Test
    void aDirectionEndsAfterWhatWasWrittenBefore() throws Exception {
        TestBuild.of(PARTING).withProvider("app.Parting").moveTo(jar());
        try (Running running = start(SslProvider.JDK, options -> options)) {
            for (int i = 0; i < 20; i++) {
                try (Client client = Client.connectByTls(running.address(), "TLSv1.3")) {
                    client.send("x");
                    assertEquals("bye", client.line());
                    assertTrue(client.isClosed());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"blocking", "selecting", "netty"})
    void aServerMaySpeakFirstAndLast(String kind) throws Exception {
        port = FreePort.find();
        talking(kind).moveTo(jar());
        try (Running running = start(SslProvider.JDK, options -> options.arguments(List.of("" + port)))) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (Client client = Client.connectByTls(running.address(), version)) {
                    assertEquals("hello", client.line());
                    client.send("again\n");
                    assertEquals("again 6", client.line());
                    if (version.equals("TLSv1.3")) { // before, an end is one of both directions (RFC 5246, 7.2.1)
                        client.shutdownOutput();
                        assertEquals("null", client.line());
                        assertTrue(client.isClosed());
                    }
                }
            }
            running.awaitTally(tally -> tally.open() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aWebSocketMovesAsInClearText(String version) throws Exception {
        WebSocketMoveIT.echo(1).moveTo(jar());
        try (Running running = start(SslProvider.JDK, options -> options.websocket(WebSockets.MOVE));
                WebSocketClient client = WebSocketClient.connectByTls(running.address(), version, "/ws", SEED)) {
            assertEquals("1:a", client.ask("a"));
            for (int generation = 2; generation <= 5; generation++) {
                swap(running, WebSocketMoveIT.echo(generation), generation);
                int moved = generation - 1;
                running.await(Event.Ended.class, ended -> ended.generation() == moved);
                assertEquals(generation + ":" + SOME, client.ask(SOME));
            }
            running.awaitTally(new Tally(1, 1, 0)::equals);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void theHeaderOfAProxyComesBeforeTls(String version) throws Exception {
        String header = "PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\n";
        Apps.http("v1").moveTo(jar());
        try (Running running = start(SslProvider.JDK, options -> options.proxyProtocol("127.0.0.0/8"));
                Client client = Client.connectByTls(running.address(), version, header)) {
            assertEquals("v1 gen=1 n=1", client.get("/").body());
            swap(running, Apps.http("v2"), 2);
            assertEquals("v2 gen=2 n=1", client.get("/").body());
        }
    }

    @Test
    void aRequestInClearTextIsToldWhatIsWrong() throws Exception {
        try (Running running = start(Apps.http("v1"));
                Client client = Client.connect(running.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(400, client.head().status());
            client.readUpTo("HTTPS server.\n");
            assertTrue(client.isClosed());
            running.awaitTally(tally -> tally.open() == 0);
        }
    }

    /** A reset could destroy the answer. */
    @Test
    void aLongRequestInClearTextIsAnsweredWithoutAReset() throws Exception {
        try (Running running = start(Apps.http("v1"))) {
            for (int i = 0; i < 20; i++) {
                try (Client client = Client.connect(running.address())) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + "a".repeat(8000) + "\r\n\r\n");
                    assertEquals(400, client.head().status());
                    client.readUpTo("HTTPS server.\n");
                    assertTrue(client.isClosed());
                }
            }
            running.awaitTally(tally -> tally.open() == 0);
        }
    }

    @Test
    void whatIsNoTlsIsAnsweredByAnAlert() throws Exception {
        try (Running running = start(Apps.http("v1"));
                Client client = Client.connect(running.address())) {
            client.send("\u0000".repeat(100));
            byte[] alert = client.readBytes(7);
            assertEquals(21, alert[0]);
            assertTrue(client.isClosed());
            running.awaitTally(tally -> tally.open() == 0);
        }
    }

    @Test
    void theLastAnswerAtAStopEndsInOrder() throws Exception {
        try (Running running = start(Apps.http("v1"));
                Client client = Client.connectByTls(running.address(), "TLSv1.3")) {
            client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, client.head().status());
            try (Client other = Client.connectByTls(running.address(), "TLSv1.3")) {
                assertEquals("gone", other.get("/go").body());
            }
            Thread closing = new Thread(running::close);
            closing.start();
            client.readUpTo("0\r\n\r\n");
            assertTrue(client.isClosed(), "no error for a lack of close_notify");
            closing.join();
        }
    }
}
