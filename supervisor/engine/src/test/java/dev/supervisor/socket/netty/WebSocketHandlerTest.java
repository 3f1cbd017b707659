package dev.supervisor.socket.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Departure;
import dev.supervisor.SocketSpec;
import dev.supervisor.Tally;
import dev.supervisor.socket.ChangeBarrier;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.http.WebSocketReplay;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Listeners;
import dev.supervisor.testing.WebSocketClient;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets between two generations, each an event loop, and real sockets. */
@Timeout(60)
final class WebSocketHandlerTest {

    private static final int SEED = 7;

    private final EventLoopGroup accept = loop();
    private final EventLoopGroup oldLoops = loop();
    private final EventLoopGroup newLoops = loop();
    private final EventExecutorGroup others = new DefaultEventExecutorGroup(1);
    private final ListeningSocket listener = Listeners.bind(SocketSpec.http(0), accept.next());
    private final Connections oldOnes = connections();
    private final Connections newOnes = connections();

    /** Nothing is read meanwhile, so that the end of the client would not be seen. */
    @Test
    void anApplicationThatDoesNotAnswerIsNotWaitedForWithoutEnd() {
        AtomicInteger refused = new AtomicInteger();
        WebSocketHandler handler = new WebSocketHandler(
                new WebSocketHandler.Owner() {
                    @Override
                    public boolean keepsMessages() {
                        return false;
                    }

                    @Override
                    public void keep(ByteBuf bytes) {
                        throw new AssertionError();
                    }

                    @Override
                    public void accepted() {
                        throw new AssertionError();
                    }

                    @Override
                    public void refused() {
                        refused.incrementAndGet();
                    }
                },
                "GET /".getBytes(US_ASCII));
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        ByteBuf request = Unpooled.buffer(10);
        assertEquals(5, handler.replay(request));
        channel.advanceTimeBy(WebSocketReplay.ANSWER_SECONDS - 1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertEquals(0, refused.get());
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        ByteBuf sent = channel.readOutbound();
        assertEquals(Unpooled.wrappedBuffer(WebSocketReplay.closeFrame()), sent);
        sent.release();
        assertEquals(1, refused.get());
        assertFalse(channel.writeOutbound(Unpooled.copiedBuffer("HTTP/1.1 101 a\r\n\r\n", US_ASCII)), "too late");
        assertEquals(1, refused.get());
        channel.finishAndReleaseAll();
    }

    private static EventLoopGroup loop() {
        return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    private static Connections connections() {
        return new Connections(server -> {}, PipelineCustomizer.none(), ChangeBarrier.NONE, Optional.empty(), true);
    }

    @AfterEach
    void end() {
        listener.close();
        for (EventExecutorGroup loops : new EventExecutorGroup[] {oldLoops, newLoops, others, accept}) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private SupervisedServerChannel serve(Connections connections, EventLoopGroup loops, Consumer<Channel> pipeline) {
        SupervisedServerChannel server = connections.open(listener);
        new ServerBootstrap()
                .group(loops)
                .channelFactory(() -> server)
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(connections == newOnes ? 7 : 1000))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        pipeline.accept(channel);
                    }
                })
                .bind(listener.address())
                .syncUninterruptibly();
        return server;
    }

    private static void webSocket(Channel channel) {
        channel.pipeline()
                .addLast(
                        new HttpServerCodec(),
                        new HttpObjectAggregator(1000),
                        new WebSocketServerProtocolHandler("/ws"));
    }

    /** Answers a text by the name and the text, so many milliseconds later. */
    private static final class Answering extends SimpleChannelInboundHandler<TextWebSocketFrame> {

        private final String name;
        private final int delayMillis;

        Answering(String name, int delayMillis) {
            this.name = name;
            this.delayMillis = delayMillis;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored")
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
            String answer = name + ":" + frame.text();
            if (delayMillis == 0) {
                context.writeAndFlush(new TextWebSocketFrame(answer));
            } else {
                context.executor()
                        .schedule(
                                () -> context.writeAndFlush(new TextWebSocketFrame(answer)),
                                delayMillis,
                                TimeUnit.MILLISECONDS);
            }
        }
    }

    private WebSocketClient connect() throws Exception {
        return WebSocketClient.connect((InetSocketAddress) listener.address(), "/ws", SEED);
    }

    private void supersede(SupervisedServerChannel next) {
        oldOnes.hold();
        listener.gate().open(next).join();
        oldOnes.supersede().join();
    }

    @Test
    void aMessageThatWaitsCountsAndIsReadHereIfTheGenerationGoesOn() throws Exception {
        listener.gate()
                .open(serve(oldOnes, oldLoops, channel -> {
                    webSocket(channel);
                    channel.pipeline().addLast(new Answering("old", 0));
                }))
                .join();
        try (WebSocketClient client = connect()) {
            assertEquals("old:a", client.ask("a"));
            assertEquals(0, oldOnes.held().count());
            oldOnes.hold();
            client.send("b");
            Await.until("the message waits", () -> oldOnes.held().count() == 1);
            oldOnes.resume();
            assertEquals("old:b", client.text());
            assertEquals("old:c", client.ask("c"));
            assertEquals(new Tally(1, 1, 0), listener.tally());
        }
    }

    @Test
    void answersThatAreStillToComeAreWaitedFor() throws Exception {
        listener.gate()
                .open(serve(oldOnes, oldLoops, channel -> {
                    webSocket(channel);
                    channel.pipeline().addLast(new Answering("old", 400));
                }))
                .join();
        SupervisedServerChannel next = serve(newOnes, newLoops, channel -> {
            webSocket(channel);
            channel.pipeline().addLast(new Answering("new", 0));
        });
        try (WebSocketClient client = connect()) {
            for (String text : List.of("a", "b")) {
                client.send(text);
                client.ping(text); // is answered when the text has been read
                assertEquals(WebSocketClient.PONG, client.next().opcode());
            }
            supersede(next);
            client.send("c");
            assertEquals("old:a", client.text());
            assertEquals("old:b", client.text());
            assertEquals("new:c", client.text());
            assertEquals(Map.of(Departure.MOVED_IDLE, 1L), oldOnes.ledger().departures());
        }
    }

    @Test
    @SuppressWarnings("deprecation") // applications use it all the same
    void handlersOnOtherThreadsAgreeToo() throws Exception {
        listener.gate()
                .open(serve(oldOnes, oldLoops, channel -> {
                    webSocket(channel);
                    channel.pipeline().addLast(others, new Answering("old", 0));
                }))
                .join();
        SupervisedServerChannel next = serve(newOnes, newLoops, channel -> {
            webSocket(channel);
            channel.pipeline().addLast(others, new Answering("new", 0));
        });
        try (WebSocketClient client = connect()) {
            assertEquals("old:a", client.ask("a"));
            supersede(next);
            assertEquals("new:b", client.ask("b"));
            assertEquals(Map.of(Departure.MOVED_IDLE, 1L), oldOnes.ledger().departures());
        }
    }

    @Test
    void aGenerationThatClosesInsteadOfAnsweringIsExplainedToTheClient() throws Exception {
        listener.gate()
                .open(serve(oldOnes, oldLoops, channel -> {
                    webSocket(channel);
                    channel.pipeline().addLast(new Answering("old", 0));
                }))
                .join();
        SupervisedServerChannel next = serve(
                newOnes,
                newLoops,
                channel -> channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    @SuppressWarnings("FutureReturnValueIgnored")
                    public void channelRead(ChannelHandlerContext context, Object message) {
                        ReferenceCountUtil.release(message);
                        context.close();
                    }
                }));
        try (WebSocketClient client = connect()) {
            assertEquals("old:a", client.ask("a"));
            supersede(next);
            assertEquals(1012, client.next().status());
            assertEquals(0, client.awaitEnd());
        }
    }

    @Test
    void aWebSocketIsNotHandedOffWithinAMessage() throws Exception {
        Channel[] channels = new Channel[1];
        listener.gate()
                .open(serve(oldOnes, oldLoops, channel -> {
                    webSocket(channel);
                    channel.pipeline().addLast(new Answering("old", 0), new Keeping());
                    channels[0] = channel;
                }))
                .join();
        SupervisedServerChannel next = serve(newOnes, newLoops, channel -> {
            webSocket(channel);
            channel.pipeline().addLast(new Answering(state(channel), 0));
        });
        try (WebSocketClient client = connect()) {
            byte[] message = client.frame(0x80 | WebSocketClient.TEXT, new byte[] {'b'});
            client.sendRaw(concatenated(client.frame(0x80 | WebSocketClient.TEXT, new byte[] {'a'}), message, 3));
            assertEquals("old:a", client.text());
            supersede(next);
            Channel channel = channels[0];
            String refusal = channel.eventLoop()
                    .submit(() -> assertThrows(
                                    IllegalStateException.class, () -> oldOnes.handOff(channel, new byte[] {'s'}))
                            .toString())
                    .get();
            assertTrue(refusal.contains("a part of a message"), refusal);
            client.sendRaw(Arrays.copyOfRange(message, 3, message.length));
            assertEquals("old:b", client.text());
            channel.eventLoop()
                    .submit(() -> oldOnes.handOff(channel, new byte[] {'s'}))
                    .sync();
            assertEquals("s:c", client.ask("c"));
        }
    }

    private String state(Channel channel) {
        return newOnes.stateOf(channel)
                .map(bytes -> new String(bytes, US_ASCII))
                .orElse("none");
    }

    private static byte[] concatenated(byte[] first, byte[] second, int ofSecond) {
        byte[] both = Arrays.copyOf(first, first.length + ofSecond);
        System.arraycopy(second, 0, both, first.length, ofSecond);
        return both;
    }

    /** Keeps user events. */
    private static final class Keeping extends ChannelInboundHandlerAdapter {

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            ReferenceCountUtil.release(event);
        }
    }
}
