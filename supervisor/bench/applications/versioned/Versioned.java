package versioned;

import dev.supervisor.spi.Application;
import dev.supervisor.spi.ApplicationContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
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
import java.util.concurrent.TimeUnit;

/**
 * The application whose builds replace each other in the benchmarks, under the supervisor and without it. It answers with
 * the version that is a resource of its jar, and {@code /slow} with the same after a second.
 */
public class Versioned extends ChannelInitializer<Channel> implements Application {

    private final byte[] version;
    private volatile boolean finishing;

    public Versioned() throws IOException {
        try (InputStream in = Versioned.class.getResourceAsStream("/version.txt")) {
            version = in.readAllBytes();
        }
    }

    @Override
    public void start(ApplicationContext context) {
        context.listener().serve(this);
    }

    /** From now on each answer is the last of its connection. */
    void finish() {
        finishing = true;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65536), new Answering());
    }

    /** One request at a time: {@link #answering} is for those that close the connections which are idle. */
    class Answering extends SimpleChannelInboundHandler<FullHttpRequest> {

        private boolean answering;

        boolean answering() {
            return answering;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            boolean keepAlive = HttpUtil.isKeepAlive(request);
            if (request.uri().equals("/slow")) {
                answering = true;
                context.executor().schedule(() -> answer(context, keepAlive), 1, TimeUnit.SECONDS);
            } else {
                answer(context, keepAlive);
            }
        }

        private void answer(ChannelHandlerContext context, boolean asked) {
            answering = false;
            boolean keepAlive = asked && !finishing;
            ByteBuf body = Unpooled.wrappedBuffer(version);
            var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            HttpUtil.setKeepAlive(response, keepAlive);
            ChannelFuture written = context.writeAndFlush(response);
            if (!keepAlive) {
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }

        /** The client has gone. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
