package dev.supervisor.web;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the script, and the event stream to which the script listens. Serves only pages of this machine. */
final class RefreshHandler extends SimpleChannelInboundHandler<HttpObject> {

    static final String SCRIPT_PATH = "/.supervisor/refresh.js";
    static final String STREAM_PATH = "/.supervisor/refresh";

    private static final Logger LOG = LoggerFactory.getLogger(RefreshHandler.class);
    private static final String SCRIPT = script();

    private final EventStreams streams;

    RefreshHandler(EventStreams streams) {
        this.streams = streams;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (message.decoderResult().isFailure()) {
            RequestHeads.refuse(context, message);
        } else if (message instanceof HttpRequest head) {
            answer(context, head);
        }
    }

    private void answer(ChannelHandlerContext context, HttpRequest head) {
        String path = new QueryStringDecoder(head.uri()).path();
        if (!LocalRequests.isLocal(head) || !LocalRequests.hasLocalOrigin(head)) {
            text(context, head, HttpResponseStatus.FORBIDDEN, "for pages of this machine only\n");
        } else if (!head.method().equals(HttpMethod.GET)) {
            text(context, head, HttpResponseStatus.METHOD_NOT_ALLOWED, "GET it\n");
        } else if (path.equals(STREAM_PATH)) {
            stream(context, head);
        } else if (path.equals(SCRIPT_PATH)) {
            full(context, head, HttpResponseStatus.OK, "text/javascript; charset=utf-8", SCRIPT);
        } else {
            text(
                    context,
                    head,
                    HttpResponseStatus.NOT_FOUND,
                    "there is " + SCRIPT_PATH + ", to be included by pages\n");
        }
    }

    /** Returns the requesting page's origin; empty for an included script, whose request does not have it. */
    private static String origin(HttpRequest head) {
        return head.headers().get(HttpHeaderNames.ORIGIN, "");
    }

    private void stream(ChannelHandlerContext context, HttpRequest head) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        describe(response.headers(), head, HttpHeaderValues.TEXT_EVENT_STREAM.toString());
        HttpUtil.setTransferEncodingChunked(response, true);
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        streams.add(context.channel(), pageBegun(head));
    }

    /**
     * Returns when the page began to load. The page sends how many milliseconds ago that was, since its clock may
     * differ.
     */
    private static Optional<Instant> pageBegun(HttpRequest head) {
        return new QueryStringDecoder(head.uri())
                .parameters().getOrDefault("begun", List.of()).stream()
                        .filter(ago -> ago.matches("\\d{1,12}"))
                        .map(ago -> Instant.now().minusMillis(Long.parseLong(ago)))
                        .findFirst();
    }

    private static void text(ChannelHandlerContext context, HttpRequest head, HttpResponseStatus status, String body) {
        full(context, head, status, "text/plain; charset=utf-8", body);
    }

    /**
     * Sends a whole response, and ends the connection: a browser requests the script only once, and then the stream,
     * which does not end.
     */
    private static void full(
            ChannelHandlerContext context, HttpRequest head, HttpResponseStatus status, String type, String body) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
        describe(response.headers(), head, type);
        HttpUtil.setContentLength(response, response.content().readableBytes());
        HttpUtil.setKeepAlive(response, false);
        ChannelFuture written = context.writeAndFlush(response);
        written.addListener(ChannelFutureListener.CLOSE);
    }

    private static void describe(HttpHeaders headers, HttpRequest head, String type) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff")
                .set("Cross-Origin-Resource-Policy", "cross-origin")
                .set(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
        if (!origin(head).isEmpty() && LocalRequests.hasLocalOrigin(head)) {
            headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin(head));
        }
    }

    private static String script() {
        try (InputStream file = RefreshHandler.class.getResourceAsStream("refresh.js")) {
            if (file == null) {
                throw new FileNotFoundException("refresh.js is not on the class path");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("a page has left", cause);
        context.close().addListener(closed -> LOG.debug("closed"));
    }
}
