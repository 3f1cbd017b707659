package dev.supervisor.failure;

import dev.supervisor.socket.LoopbackHost;
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
import java.util.Optional;
import java.util.function.Supplier;
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
    private static final HttpResponseStatus STATUS = HttpResponseStatus.SERVICE_UNAVAILABLE;

    /** By this the page sees that what it shows is out of date. */
    private static final String PROBLEM = "X-Supervisor-Problem";

    private final Supplier<Failure> failure;
    private final EditorLinks editor;
    private final boolean loopback;

    private @Nullable HttpRequest request;

    /** @param failure asked for at each request, on the event loop */
    FailureHandler(Supplier<Failure> failure, Optional<Editor> editor, boolean loopback) {
        this.failure = failure;
        this.editor = new EditorLinks(editor);
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
        boolean isForDeveloper = loopback && LoopbackHost.matches(head.headers().get(HttpHeaderNames.HOST, ""));
        Failure shown = isForDeveloper ? failure.get() : Failure.UNDISCLOSED;
        Optional<EditorLinks.Answer> opened = isForDeveloper ? editor.answer(head, shown) : Optional.empty();
        FullHttpResponse response = opened.map(
                        answer -> response(context, head, answer.status(), Form.TEXT, answer.text()))
                .orElseGet(() -> unavailable(context, head, shown, isForDeveloper));
        HttpUtil.setKeepAlive(response, keep);
        ChannelFuture written = context.writeAndFlush(response);
        if (!keep) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private FullHttpResponse unavailable(
            ChannelHandlerContext context, HttpRequest head, Failure shown, boolean isForDeveloper) {
        Form form = Form.preferred(head.headers().getAll(HttpHeaderNames.ACCEPT));
        String body = isForHead(head) ? "" : body(form, head, shown, isForDeveloper);
        FullHttpResponse response = response(context, head, STATUS, form, body);
        response.headers()
                .set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT)
                .set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .set(PROBLEM, shown.id());
        return response;
    }

    private String body(Form form, HttpRequest head, Failure shown, boolean isForDeveloper) {
        return switch (form) {
            case HTML ->
                FailurePage.html(
                        shown,
                        isForDeveloper && editor.areThere(),
                        head.method().equals(HttpMethod.GET));
            case JSON -> ProblemJson.of(shown, STATUS.code(), STATUS.reasonPhrase());
            case TEXT -> PlainText.of(shown);
        };
    }

    /** By which each page asks twice a second. RFC 9110, 9.3.2: what only the content would tell may be left out. */
    private static boolean isForHead(HttpRequest head) {
        return head.method().equals(HttpMethod.HEAD);
    }

    private static FullHttpResponse response(
            ChannelHandlerContext context, HttpRequest head, HttpResponseStatus status, Form form, String body) {
        ByteBuf content = ByteBufUtil.writeUtf8(context.alloc(), body);
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, form.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff")
                .set("Content-Security-Policy", FailurePage.CONTENT_SECURITY_POLICY);
        if (!status.equals(HttpResponseStatus.NO_CONTENT) && !isForHead(head)) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        }
        return response;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("a connection ended while the failure page was served", cause);
        context.close().addListener(closed -> LOG.debug("closed"));
    }
}
