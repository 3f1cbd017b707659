package dev.supervisor.socket.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.SocketSpec;
import dev.supervisor.Tally;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.http.HandoffState;
import dev.supervisor.testing.Listeners;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the loop of a connection and the thread that swaps do at the same time, with real sockets. */
@Timeout(60)
final class ConnectionChannelTest {

    private final EventLoopGroup accept = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoopGroup oldLoops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoopGroup newLoops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ListeningSocket listener = Listeners.bind(SocketSpec.http(0), accept.next());
    private final Connections oldOnes = new Connections(server -> {});
    private final Connections newOnes = new Connections(server -> {});

    @AfterEach
    void end() {
        listener.close();
        for (EventLoopGroup loops : new EventLoopGroup[] {oldLoops, newLoops, accept}) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private SupervisedServerChannel serve(Connections connections, EventLoopGroup loops, String name, Runnable atRead) {
        SupervisedServerChannel server = connections.open(listener);
        new ServerBootstrap()
                .group(loops)
                .channelFactory(() -> server)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new Interposing(atRead))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec(), new HttpObjectAggregator(1000), new Naming(name));
                    }
                })
                .bind(listener.address())
                .syncUninterruptibly();
        return server;
    }

    /** Does something between the moment that a channel has decided to read and the read itself. */
    @SuppressWarnings("deprecation") // the only handle that Netty offers
    private static final class Interposing extends AdaptiveRecvByteBufAllocator {

        private final Runnable action;

        Interposing(Runnable action) {
            this.action = action;
        }

        @Override
        public Handle newHandle() {
            return new DelegatingHandle(super.newHandle()) {
                @Override
                public void attemptedBytesRead(int bytes) {
                    action.run();
                    super.attemptedBytesRead(bytes);
                }
            };
        }
    }

    private static final class Naming extends SimpleChannelInboundHandler<FullHttpRequest> {

        private final String name;

        Naming(String name) {
            this.name = name;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // it has none
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            DefaultFullHttpResponse response =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER);
            response.headers().set("generation", name).set(HttpHeaderNames.CONTENT_LENGTH, 0);
            context.writeAndFlush(response, context.voidPromise());
        }
    }

    private static String ask(Socket socket, BufferedReader in) throws IOException {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
        String generation = "";
        for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
            generation = line.startsWith("generation: ") ? line.substring(12) : generation;
        }
        return generation;
    }

    @Test
    void whatIsReadWhileItsGenerationBeginsToHoldIsTheNextOnes() throws Exception {
        boolean[] holds = {false};
        SupervisedServerChannel former = serve(oldOnes, oldLoops, "old", () -> {
            if (holds[0]) {
                oldOnes.hold(); // the thread of this connection stands here for that long
            }
        });
        listener.gate().open(former).join();
        try (Socket socket = Listeners.connect(listener);
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))) {
            assertEquals("old", ask(socket, in));
            oldLoops.submit(() -> holds[0] = true).sync();
            SupervisedServerChannel next = serve(newOnes, newLoops, "new", () -> {});
            Thread swapping = new Thread(() -> {
                while (oldOnes.phase() != HandoffState.Phase.HOLDING) {
                    Thread.onSpinWait();
                }
                listener.gate().open(next).join();
                oldOnes.supersede().join();
            });
            swapping.start();
            assertEquals("new", ask(socket, in));
            swapping.join();
            oldOnes.drained().join();
            assertEquals(new Tally(1, 1, 0), listener.tally());
        }
    }
}
