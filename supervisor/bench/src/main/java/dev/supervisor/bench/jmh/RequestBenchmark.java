package dev.supervisor.bench.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorOptions.Binding;
import dev.supervisor.socket.BoundSocket;
import dev.supervisor.socket.Gate;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.netty.Connections;
import dev.supervisor.socket.netty.SupervisedServerChannel;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Measures a request and its response on a keep-alive connection through loopback: on plain Netty, and on a connection
 * that the supervisor has accepted and tracks. Both have the same pipeline, on one event loop.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestBenchmark {

    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] RESPONSE = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".getBytes(US_ASCII);

    @Param({"plain", "supervised"})
    public String server = "plain";

    private final EventLoopGroup accept = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Socket socket = new Socket();

    @Setup
    public void connect() throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(server.equals("plain") ? servePlain() : serveSupervised());
    }

    private InetSocketAddress servePlain() {
        Channel channel = bootstrap()
                .channel(NioServerSocketChannel.class)
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        return (InetSocketAddress) channel.localAddress();
    }

    private InetSocketAddress serveSupervised() {
        Gate.Limits limits = new Gate.Limits(100, Duration.ofMinutes(1));
        ListeningSocket listener = ListeningSocket.open(
                SocketSpec.http(0), BoundSocket.bind(SocketSpec.http(0), 16, Binding.DEFAULT), accept.next(), limits);
        listener.begin();
        SupervisedServerChannel channel = new Connections(serving -> {}).open(listener);
        bootstrap().channelFactory(() -> channel).bind(listener.address()).syncUninterruptibly();
        listener.gate().open(channel).join();
        return (InetSocketAddress) listener.address();
    }

    private ServerBootstrap bootstrap() {
        return new ServerBootstrap().group(accept, loops).childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new HttpServerCodec(), new Answering());
            }
        });
    }

    @TearDown
    public void end() throws IOException {
        socket.close();
        for (EventLoopGroup group : new EventLoopGroup[] {loops, accept}) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @Benchmark
    public int ask() throws IOException {
        socket.getOutputStream().write(REQUEST);
        InputStream in = socket.getInputStream();
        int length = in.readNBytes(RESPONSE.length).length;
        if (length < RESPONSE.length) {
            throw new IOException("the server has closed the connection");
        }
        return length;
    }

    private static final class Answering extends SimpleChannelInboundHandler<HttpObject> {

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // a void promise has no result
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (!(part instanceof HttpRequest)) {
                return;
            }
            var response =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER);
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
            context.writeAndFlush(response, context.voidPromise());
        }
    }
}
