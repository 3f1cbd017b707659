package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.SupervisorOptions.WebSockets;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.PreparedBuilds;
import dev.supervisor.testing.Programs;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.TestBuild;
import dev.supervisor.testing.WebSocketClient;
import dev.supervisor.testing.WebSocketClient.Frame;
import dev.supervisor.testing.WebSocketCrowd;
import dev.supervisor.testing.WebSocketListener;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WebSockets move to the next generation, if that is asked for. */
@Timeout(180)
class WebSocketMoveIT {

    private static final int CONNECTIONS = 50;
    private static final long SEED = 815;

    /** Answers each text at {@code /ws} by its generation and the text, and knows nothing of all this. */
    private static final String ECHO = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import io.netty.handler.codec.http.websocketx.*;
            import io.netty.handler.codec.http.websocketx.extensions.compression.*;

            public class Echo implements Application {
                public void start(ApplicationContext context) throws Exception {
                    String name = context.generation() + ":";
                    context.listener().serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20),
                                    new WebSocketServerCompressionHandler(0),
                                    new WebSocketServerProtocolHandler("/ws", null, true, 1 << 20),
                                    new WebSocketFrameAggregator(1 << 20),
                                    new SimpleChannelInboundHandler<TextWebSocketFrame>() {
                                        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
                                            context.writeAndFlush(new TextWebSocketFrame(name + frame.text()));
                                        }
                                    });
                        }
                    });
                }
            }
            """;

    /** Counts the texts of each connection, and does what they say when it is superseded. */
    private static final String COUNTING = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import io.netty.handler.codec.http.websocketx.*;

            public class Counting implements Application {
                public void start(ApplicationContext context) throws Exception {
                    context.listener().serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20),
                                    new WebSocketServerProtocolHandler("/ws"), new Texts(context));
                        }
                    });
                }

                static final class Texts extends SimpleChannelInboundHandler<TextWebSocketFrame> {
                    final ApplicationContext supervisor;
                    int count;
                    String last = "";

                    Texts(ApplicationContext supervisor) {
                        this.supervisor = supervisor;
                    }

                    public void handlerAdded(ChannelHandlerContext context) {
                        supervisor.stateOf(context.channel()).ifPresent(state -> count = state[0]);
                    }

                    protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
                        last = frame.text();
                        count++;
                        context.writeAndFlush(new TextWebSocketFrame(supervisor.generation() + ":" + last + " " + count));
                    }

                    public void userEventTriggered(ChannelHandlerContext context, Object event) {
                        if (event != Superseded.INSTANCE) {
                            context.fireUserEventTriggered(event);
                        } else if (last.equals("keep")) {
                            context.writeAndFlush(new TextWebSocketFrame("kept"));
                        } else if (last.equals("close")) {
                            context.writeAndFlush(new CloseWebSocketFrame(1001, "going away"));
                            context.fireUserEventTriggered(event);
                        } else if (last.equals("state")) {
                            supervisor.handOff(context.channel(), new byte[] {(byte) count});
                        } else {
                            context.fireUserEventTriggered(event);
                        }
                    }
                }
            }
            """;

    /** A program: a thread for each connection, which answers a text by the version and the text, and a ping by a pong. */
    private static final String PROGRAM = """
            package program;

            import java.io.*;
            import java.net.*;
            import java.nio.charset.StandardCharsets;
            import java.security.MessageDigest;
            import java.util.*;

            public class Main {
                static String version;

                public static void main(String[] arguments) throws Exception {
                    version = new String(Main.class.getResourceAsStream("/version.txt").readAllBytes(), StandardCharsets.UTF_8);
                    ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]));
                    while (true) {
                        Socket socket = server.accept();
                        new Thread(() -> {
                            try (socket) {
                                serve(new DataInputStream(new BufferedInputStream(socket.getInputStream())), socket.getOutputStream());
                            } catch (Exception e) {
                                // the client has gone
                            }
                        }).start();
                    }
                }

                static void serve(DataInputStream in, OutputStream out) throws Exception {
                    String key = null;
                    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                        if (line.regionMatches(true, 0, "Sec-WebSocket-Extensions:", 0, 25)) throw new AssertionError(line);
                        if (line.startsWith("Sec-WebSocket-Key: ")) key = line.substring(19);
                    }
                    String accept = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1")
                            .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes()));
                    out.write(("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n"
                            + "Sec-WebSocket-Accept: " + accept + "\\r\\n\\r\\n").getBytes());
                    ByteArrayOutputStream text = new ByteArrayOutputStream();
                    while (true) {
                        int first = in.readUnsignedByte();
                        int length = in.readUnsignedByte() & 127;
                        if (length == 126) length = in.readUnsignedShort();
                        else if (length == 127) length = (int) in.readLong();
                        byte[] mask = in.readNBytes(4), payload = in.readNBytes(length);
                        for (int i = 0; i < length; i++) payload[i] ^= mask[i & 3];
                        if ((first & 15) == 9) {
                            send(out, 0x8a, payload);
                        } else if ((first & 15) < 8) {
                            text.write(payload);
                            if ((first & 128) != 0) {
                                send(out, 0x81, (version + ":" + text.toString(StandardCharsets.UTF_8)).getBytes());
                                text.reset();
                            }
                        }
                    }
                }

                static void send(OutputStream out, int first, byte[] payload) throws IOException {
                    DataOutputStream frame = new DataOutputStream(new BufferedOutputStream(out, payload.length + 10));
                    frame.write(first);
                    if (payload.length < 126) {
                        frame.write(payload.length);
                    } else if (payload.length < 1 << 16) {
                        frame.write(126);
                        frame.writeShort(payload.length);
                    } else {
                        frame.write(127);
                        frame.writeLong(payload.length);
                    }
                    frame.write(payload);
                    frame.flush();
                }
            }
            """;

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    static TestBuild echo(int version) {
        return TestBuild.of(ECHO).withProvider("app.Echo").withResource("version.txt", Integer.toString(version));
    }

    private static TestBuild counting(int version) {
        return TestBuild.of(COUNTING).withProvider("app.Counting").withResource("version.txt", "" + version);
    }

    private static TestBuild program(int version) {
        return Programs.of(PROGRAM).withResource("version.txt", Integer.toString(version));
    }

    private Running start(TestBuild build, UnaryOperator<SupervisorOptions.Builder> more) throws Exception {
        build.moveTo(jar());
        Running running = Running.http(jar(), options -> more.apply(options.websocket(WebSockets.MOVE)));
        running.awaitServing(1);
        return running;
    }

    private Running start(TestBuild build) throws Exception {
        return start(build, options -> options);
    }

    private void swap(Running running, TestBuild build, int generation) throws Exception {
        build.moveTo(jar());
        running.awaitServing(generation);
    }

    private static Ledger ledgerOf(Running running, int generation) throws InterruptedException {
        return running.await(Event.Ended.class, event -> event.generation() == generation)
                .ledger();
    }

    @ParameterizedTest
    @SameOnEveryJdk
    @CsvSource({"HOLD, 60", "OVERLAP, 40"})
    void noMessageIsLostDoubledReorderedOrStaleThroughSwapsInQuickSuccession(Swap swap, int swaps) throws Exception {
        PreparedBuilds builds = PreparedBuilds.of(swaps + 1, WebSocketMoveIT::echo, jar());
        builds.moveNext();
        try (Running running = Running.http(jar(), options -> options.swap(swap).websocket(WebSockets.MOVE))) {
            running.awaitServing(1);
            moveThrough(swaps, builds, running);
        }
    }

    @Test
    void webSocketsOfAProgramMoveToo() throws Exception {
        int swaps = 10;
        int port = FreePort.find();
        PreparedBuilds builds = PreparedBuilds.of(swaps + 1, version -> program(version + 1), jar());
        builds.moveNext();
        try (Running running = Running.with(
                jar(),
                options -> options.port(port)
                        .arguments(List.of(Integer.toString(port)))
                        .websocket(WebSockets.MOVE))) {
            running.awaitServing(1);
            moveThrough(swaps, builds, running);
        }
    }

    private static void moveThrough(int swaps, PreparedBuilds builds, Running running) throws Exception {
        try (WebSocketCrowd crowd = WebSocketCrowd.connect(CONNECTIONS, running.address(), "/ws", SEED)) {
            crowd.awaitAnswersOf(1);
            for (int generation = 2; generation <= swaps + 1; generation++) {
                builds.moveNext();
                crowd.awaitAnswersOf(generation);
            }
            crowd.finish();
            assertEquals(
                    new Tally(CONNECTIONS, CONNECTIONS, 0), running.supervisor().tally("http"));
        }
        for (int generation = 1; generation <= swaps; generation++) {
            Ledger ledger = ledgerOf(running, generation);
            assertEquals(
                    CONNECTIONS,
                    ledger.count(Departure.MOVED_IDLE) + ledger.count(Departure.MOVED_AFTER_RESPONSE),
                    ledger::toString);
        }
    }

    @Test
    void noCompressionIsAgreedOn() throws Exception {
        try (Running running = start(echo(1));
                WebSocketClient client = WebSocketClient.connect(running.address(), "/ws", SEED)) {
            assertEquals("HTTP/1.1 101 Switching Protocols", client.head().get(0));
            assertTrue(client.head().stream().noneMatch(line -> line.startsWith("sec-websocket-extensions")));
            assertEquals("1:a", client.ask("a"));
        }
    }

    @Test
    void theClientOfTheJdkNoticesNothing() throws Exception {
        try (Running running = start(echo(1))) {
            WebSocketListener listening = new WebSocketListener();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + running.address().getPort() + "/ws"), listening)
                    .join();
            socket.sendText("a", true).join();
            assertEquals("1:a", listening.next());
            socket.sendText("b", false).join(); // this message has begun, so the generation answers it
            socket.sendPing(ByteBuffer.allocate(0)).join();
            assertEquals("pong", listening.next()); // now it has been read
            swap(running, echo(2), 2);
            socket.sendText("c", true).join();
            assertEquals("1:bc", listening.next());
            socket.sendText("d", true).join();
            assertEquals("2:d", listening.next());
            assertEquals(
                    Map.of(Departure.MOVED_AFTER_RESPONSE, 1L),
                    ledgerOf(running, 1).departures());
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            assertEquals("closed with 1000", listening.next());
        }
    }

    @Test
    void aMessageThatComesDuringAHoldWaitsForTheNewBuild() throws Exception {
        Path begun = directory.resolve("begun");
        Path go = directory.resolve("go");
        TestBuild slow = TestBuild.of(ECHO.replace("String name", """
                        java.nio.file.Files.createFile(java.nio.file.Path.of("%s"));
                        while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) Thread.sleep(5);
                        String name""".formatted(begun, go)))
                .withProvider("app.Echo");
        try (Running running = start(echo(1));
                WebSocketClient client = WebSocketClient.connect(running.address(), "/ws", SEED)) {
            assertEquals("1:a", client.ask("a"));
            slow.moveTo(jar());
            Await.until("generation 2 begins", () -> Files.exists(begun));
            client.ping("still there?");
            client.send("b");
            Files.createFile(go);
            assertEquals("still there?", client.next().text());
            assertEquals("2:b", client.text());
        }
    }

    @Test
    void aWebSocketThatTheNewBuildRefusesIsClosedWith1012() throws Exception {
        try (Running running = start(echo(1));
                WebSocketClient client = WebSocketClient.connect(running.address(), "/ws", SEED)) {
            assertEquals("1:a", client.ask("a"));
            swap(running, Apps.http("v2"), 2);
            Frame close = client.next();
            assertEquals(WebSocketClient.CLOSE, close.opcode());
            assertEquals(1012, close.status());
            assertEquals(0, client.awaitEnd());
        }
    }

    @Test
    void anApplicationKeepsItsWebSocketByKeepingTheEvent() throws Exception {
        try (Running running = start(counting(1), options -> options.drainTimeout(Duration.ofSeconds(3)));
                WebSocketClient client = WebSocketClient.connect(running.address(), "/ws", SEED)) {
            assertEquals("1:keep 1", client.ask("keep"));
            swap(running, counting(2), 2);
            assertEquals("kept", client.text());
            assertEquals("1:b 2", client.ask("b"));
            assertEquals(1012, client.next().status());
            assertEquals(
                    Map.of(Departure.ENDED_AT_DEADLINE, 1L),
                    ledgerOf(running, 1).departures());
        }
    }

    /** The one connection of the first generation has not moved, and the deadline was not needed. */
    private static void assertItEndedHere(Running running) throws Exception {
        Ledger ledger = ledgerOf(running, 1);
        assertEquals(1, ledger.total(), ledger::toString);
        assertEquals(0, ledger.count(Departure.MOVED_IDLE), ledger::toString);
        assertEquals(0, ledger.count(Departure.ENDED_AT_DEADLINE), ledger::toString);
    }

    @Test
    void anApplicationRefusesByItsCloseFrame() throws Exception {
        try (Running running = start(counting(1));
                WebSocketClient client = WebSocketClient.connect(running.address(), "/ws", SEED)) {
            assertEquals("1:close 1", client.ask("close"));
            swap(running, counting(2), 2);
            assertEquals(1001, client.next().status());
            client.sendClose(1001);
            client.awaitEnd();
            assertItEndedHere(running);
        }
    }

    @Test
    void aClosingHandshakeEndsWhereItHasBegun() throws Exception {
        try (Running running = start(echo(1));
                WebSocketClient client = WebSocketClient.connect(running.address(), "/ws", SEED)) {
            byte[] close = client.frame(0x80 | WebSocketClient.CLOSE, new byte[] {3, (byte) 0xe8});
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(client.frame(0x80 | WebSocketClient.TEXT, new byte[] {'a'}));
            bytes.write(close, 0, 3);
            client.sendRaw(bytes.toByteArray()); // are read at once
            assertEquals("1:a", client.text());
            swap(running, echo(2), 2);
            client.sendRaw(Arrays.copyOfRange(close, 3, close.length));
            assertEquals(WebSocketClient.CLOSE, client.next().opcode());
            client.awaitEnd();
            assertItEndedHere(running);
        }
    }

    @Test
    void anApplicationTakesTheStateOfItsWebSocketAlong() throws Exception {
        try (Running running = start(counting(1));
                WebSocketClient client = WebSocketClient.connect(running.address(), "/ws", SEED)) {
            assertEquals("1:state 1", client.ask("state"));
            for (int generation = 2; generation <= 5; generation++) {
                swap(running, counting(generation), generation);
                assertEquals(generation + ":state " + generation, client.ask("state"));
                assertEquals(
                        Map.of(Departure.HANDED_OFF, 1L),
                        ledgerOf(running, generation - 1).departures());
            }
            assertEquals("5:none 6", client.ask("none")); // moves by itself, without its state
            swap(running, counting(6), 6);
            assertEquals("6:a 1", client.ask("a"));
        }
    }
}
