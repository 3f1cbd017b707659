package dev.supervisor.web;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Limits the length of request heads, and answers requests that are too long or malformed. */
public final class RequestHeads {

    /**
     * The limit in bytes for the request line, and for all headers together. It is higher than an application is likely
     * to accept, so that while no build serves, no request is refused that the application would answer.
     */
    public static final int LONGEST = 128 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(RequestHeads.class);
    private static final Duration LONGEST_LINGERING = Duration.ofSeconds(1);

    private RequestHeads() {}

    public static HttpServerCodec codec() {
        return codec(LONGEST);
    }

    /** @param longest the limit in bytes for the request line, and for all headers together */
    public static HttpServerCodec codec(int longest) {
        return new HttpServerCodec(
                new HttpDecoderConfig().setMaxInitialLineLength(longest).setMaxHeaderSize(longest));
    }

    /**
     * Answers a message that could not be decoded with 414, 431 or 400, and closes the connection.
     *
     * @param malformed the message; the decoder discards everything after it
     */
    public static void refuse(ChannelHandlerContext context, HttpObject malformed) {
        HttpResponseStatus status = statusOf(malformed.decoderResult().cause());
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, ByteBufUtil.writeAscii(context.alloc(), status.reasonPhrase() + "\n"));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        HttpUtil.setContentLength(response, response.content().readableBytes());
        HttpUtil.setKeepAlive(response, false);
        context.writeAndFlush(response)
                .addListener((ChannelFutureListener) written -> closeLingering(written.channel()));
    }

    private static HttpResponseStatus statusOf(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return HttpResponseStatus.REQUEST_URI_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException
                ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                : HttpResponseStatus.BAD_REQUEST;
    }

    /**
     * Closes a connection after its last answer. Half-closes it first: to close a socket with unread bytes resets the
     * connection, and may destroy the answer (RFC 9112, 9.6).
     */
    public static void closeLingering(Channel channel) {
        if (!(channel instanceof DuplexChannel duplex)) {
            close(channel);
            return;
        }
        duplex.shutdownOutput().addListener(done -> LOG.debug("{} has got its last answer", channel));
        Future<?> longest =
                channel.eventLoop().schedule(() -> close(channel), LONGEST_LINGERING.toNanos(), TimeUnit.NANOSECONDS);
        channel.closeFuture().addListener(closed -> longest.cancel(false));
    }

    private static void close(Channel channel) {
        channel.close().addListener(closed -> LOG.debug("closed {}", channel));
    }
}
