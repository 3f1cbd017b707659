package dev.supervisor.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2ChannelDuplexHandler;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2SettingsAckFrame;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One HTTP/2 connection by prior knowledge, that tells all that it hears. */
public final class Http2Client implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 60;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final Hearing hearing = new Hearing();
    private final Channel channel;

    public Http2Client(InetSocketAddress address) throws InterruptedException {
        channel = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection
                                .pipeline()
                                .addLast(Http2FrameCodecBuilder.forClient().build(), hearing);
                    }
                })
                .connect(address)
                .sync()
                .channel();
    }

    private final class Hearing extends Http2ChannelDuplexHandler {
        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            if (frame instanceof Http2DataFrame data) {
                heard.add(data.stream().id() + ": " + data.content().toString(StandardCharsets.UTF_8));
            } else if (frame instanceof Http2GoAwayFrame goAway) {
                heard.add("GOAWAY " + goAway.lastStreamId() + " error " + goAway.errorCode());
            } else if (frame instanceof Http2SettingsAckFrame) {
                heard.add("connected");
            }
            ReferenceCountUtil.release(frame);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            heard.add("closed");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            heard.add("exception: " + cause);
        }
    }

    /** Opens a stream with a GET. */
    public void get(String path) throws InterruptedException {
        Http2FrameStream stream = hearing.newStream();
        DefaultHttp2Headers headers = new DefaultHttp2Headers();
        headers.method("GET").path(path).scheme("http").authority("localhost");
        channel.writeAndFlush(new DefaultHttp2HeadersFrame(headers, true).stream(stream))
                .sync();
    }

    /** What comes next: {@code connected}, {@code STREAM: BODY}, {@code GOAWAY LAST error CODE} or {@code closed}. */
    public String next() throws InterruptedException {
        return String.valueOf(heard.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
