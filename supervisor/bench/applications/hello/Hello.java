package hello;

import dev.supervisor.spi.Application;
import dev.supervisor.spi.ApplicationContext;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;

/**
 * The application of the benchmarks, which compile it. It answers each request with what {@code answer.txt} says in its
 * jar: under the supervisor, or by {@code main} on plain Netty, in the way that is usual there.
 */
public class Hello extends ChannelInitializer<Channel> implements Application {

    private final byte[] answer;

    public Hello() throws IOException {
        try (InputStream in = Hello.class.getResourceAsStream("/answer.txt")) {
            answer = in.readAllBytes();
        }
    }

    @Override
    public void start(ApplicationContext context) {
        context.listener().serve(this);
    }

    /** Plain Netty; says where it listens as the supervisor does. */
    public static void main(String[] args) throws Exception {
        Channel server = new ServerBootstrap()
                .group(
                        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()),
                        new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory()))
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096) // the supervisor's default
                .childHandler(new Hello())
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        System.out.println("~> http://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort() + "/");
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65536), new Answering(answer));
    }

    private static class Answering extends SimpleChannelInboundHandler<FullHttpRequest> {

        private final byte[] answer;

        Answering(byte[] answer) {
            this.answer = answer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            ByteBuf body = Unpooled.wrappedBuffer(answer);
            var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            boolean keepAlive = HttpUtil.isKeepAlive(request);
            HttpUtil.setKeepAlive(response, keepAlive);
            var written = context.writeAndFlush(response);
            if (!keepAlive) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }

        /** The client has gone: wrk resets its connections when its time is over. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
