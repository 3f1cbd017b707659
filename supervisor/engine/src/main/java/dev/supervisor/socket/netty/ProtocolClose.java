package dev.supervisor.socket.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the peer of a connection that can't move, in the words of its protocol, that the connection ends. On the
 * connection's event loop.
 */
final class ProtocolClose {

    private static final Logger LOG = LoggerFactory.getLogger(ProtocolClose.class);

    private ProtocolClose() {}

    /** Writes the protocol's closing message (WebSocket close, GOAWAY, close_notify), before the socket is closed. */
    static ChannelFuture say(Channel channel) {
        ChannelFuture said = channel.newSucceededFuture();
        ChannelPipeline pipeline = channel.pipeline();
        ChannelHandlerContext webSocket = pipeline.context(WebSocketFrameEncoder.class);
        if (webSocket != null) {
            said = closeWebSocket(pipeline, webSocket);
        }
        Http2ConnectionHandler http2 = pipeline.get(Http2ConnectionHandler.class);
        if (http2 != null) {
            said = goAway(pipeline, http2);
        }
        return Tls.isIn(pipeline) ? Tls.close(pipeline) : said;
    }

    /** RFC 6455, 7.4; the registry of close codes says of 1012 that the client may reconnect. */
    private static ChannelFuture closeWebSocket(ChannelPipeline pipeline, ChannelHandlerContext encoder) {
        ChannelHandler behind = new ChannelHandlerAdapter() {};
        pipeline.addAfter(encoder.name(), null, behind);
        ChannelHandlerContext context = pipeline.context(behind);
        return context.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.SERVICE_RESTART));
    }

    /**
     * Sends GOAWAY: no new streams. A stream that the peer has begun meanwhile is ignored, and the peer knows that it
     * can begin it anew elsewhere, since its number is higher than the last one named (RFC 9113, 6.8).
     */
    static ChannelFuture goAway(ChannelPipeline pipeline, Http2ConnectionHandler http2) {
        @Nullable ChannelHandlerContext context = pipeline.context(http2);
        if (context == null || http2.connection().goAwaySent()) {
            return pipeline.channel().newSucceededFuture();
        }
        int last = http2.connection().remote().lastStreamCreated();
        ChannelFuture said =
                http2.goAway(context, last, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, context.newPromise());
        context.flush();
        return said.addListener(written -> LOG.debug("{} goes away after stream {}", context.channel(), last));
    }
}
