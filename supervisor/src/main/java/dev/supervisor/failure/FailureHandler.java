package dev.supervisor.failure;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers every request with 503 and what went wrong, once its body has been read and discarded. Details are for the
 * developer's own machine: the listener must be bound to loopback, and the {@code Host} be a loopback name, or a web
 * page elsewhere could read them by DNS rebinding.
 */
final class FailureHandler extends SimpleChannelInboundHandler<HttpObject> {

    private static final Logger LOG = LoggerFactory.getLogger(FailureHandler.class);
    private static final int RETRY_AFTER_SECONDS = 1;
    private static final Pattern LOOPBACK_HOST = Pattern.compile(
            "(localhost|[a-z0-9.-]+\\.localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?", Pattern.CASE_INSENSITIVE);

    private final Supplier<Problem> problem;
    private final boolean loopback;

    private @Nullable HttpRequest request;

    FailureHandler(Supplier<Problem> problem, boolean loopback) {
        this.problem = problem;
        this.loopback = loopback;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (message.decoderResult().isFailure()) {
            context.close().addListener(closed -> LOG.debug("closed after a malformed request"));
            return;
        }
        if (message instanceof HttpRequest head) {
            request = head;
            if (HttpUtil.is100ContinueExpected(head)) {
                answer(context, head, false); // the body won't come, or can't be told from the next request
                request = null;
            }
        }
        if (message instanceof LastHttpContent && request != null) {
            answer(context, request, HttpUtil.isKeepAlive(request));
            request = null;
        }
    }

    private void answer(ChannelHandlerContext context, HttpRequest head, boolean keep) {
        boolean html =
                head.headers().getAll(HttpHeaderNames.ACCEPT).stream().anyMatch(accept -> accept.contains("text/html"));
        boolean detailed = loopback
                && LOOPBACK_HOST
                        .matcher(head.headers().get(HttpHeaderNames.HOST, ""))
                        .matches();
        String body = html ? FailurePage.html(problem.get(), detailed) : FailurePage.text(problem.get(), detailed);
        FullHttpResponse response = response(context, head, body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT)
                .set("X-Content-Type-Options", "nosniff")
                .set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
                .set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
        HttpUtil.setKeepAlive(response, keep);
        ChannelFuture written = context.writeAndFlush(response);
        if (!keep) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static FullHttpResponse response(ChannelHandlerContext context, HttpRequest head, String body) {
        ByteBuf content = ByteBufUtil.writeUtf8(context.alloc(), body);
        int length = content.readableBytes();
        if (head.method().equals(HttpMethod.HEAD)) {
            content.clear();
        }
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SERVICE_UNAVAILABLE, content);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
        return response;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("a connection ended while the failure page was served", cause);
        context.close().addListener(closed -> LOG.debug("closed"));
    }
}
