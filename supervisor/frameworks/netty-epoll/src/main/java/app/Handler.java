package app;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Reads no further request until the one at hand is answered. */
class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final String version;

    Handler(String version) {
        this.version = version;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        var uri = new QueryStringDecoder(request.uri());
        switch (uri.path()) {
            case "/" -> answer(context, HttpResponseStatus.OK, text(version));
            case "/slow" -> {
                int millis = Integer.parseInt(uri.parameters().get("millis").get(0));
                context.channel().config().setAutoRead(false);
                context.executor().schedule(() -> answerAndRead(context), millis, TimeUnit.MILLISECONDS);
            }
            case "/echo" ->
                answer(context, HttpResponseStatus.OK, request.content().retain());
            case "/stream" -> {
                var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
                response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN);
                HttpUtil.setTransferEncodingChunked(response, true);
                context.channel().config().setAutoRead(false);
                context.write(response);
                stream(context, 1);
            }
            default -> answer(context, HttpResponseStatus.NOT_FOUND, Unpooled.EMPTY_BUFFER);
        }
    }

    private void answerAndRead(ChannelHandlerContext context) {
        answer(context, HttpResponseStatus.OK, text(version));
        context.channel().config().setAutoRead(true);
    }

    private void answer(ChannelHandlerContext context, HttpResponseStatus status, ByteBuf body) {
        var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        context.writeAndFlush(response);
    }

    private void stream(ChannelHandlerContext context, int piece) {
        if (piece < 5) {
            context.writeAndFlush(new DefaultHttpContent(text(piece + "\n")));
            context.executor().schedule(() -> stream(context, piece + 1), 20, TimeUnit.MILLISECONDS);
        } else {
            context.writeAndFlush(new DefaultLastHttpContent(text(version)));
            context.channel().config().setAutoRead(true);
        }
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
