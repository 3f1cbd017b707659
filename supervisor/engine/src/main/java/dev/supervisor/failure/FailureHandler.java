package dev.supervisor.failure;

import dev.supervisor.socket.netty.Connections;
import dev.supervisor.web.LocalRequests;
import dev.supervisor.web.RequestHeads;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
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
 * Answers every request with 503 and a description of the failure, once the request's body has been read and discarded.
 * Only a developer at this machine gets details: the listener must be bound to loopback, no proxy must tell of a client
 * elsewhere, and the request must be {@linkplain LocalRequests local}.
 */
final class FailureHandler extends SimpleChannelInboundHandler<HttpObject> {

    private static final Logger LOG = LoggerFactory.getLogger(FailureHandler.class);
    private static final int RETRY_AFTER_SECONDS = 1;
    private static final HttpResponseStatus STATUS = HttpResponseStatus.SERVICE_UNAVAILABLE;

    /** The path at which a page listens for changes. The id of the problem that it shows follows. */
    private static final String STREAM = "/.supervisor/failure/";

    /** The response header with the problem's id, by which the page sees that it is outdated. */
    private static final String PROBLEM = "X-Supervisor-Problem";

    private final Shared shared;
    private final boolean loopback;

    private @Nullable HttpRequest request;

    /**
     * The objects that all connections share.
     *
     * @param failure called for each request, on the event loop
     * @param details the details for requests from this machine
     */
    record Shared(Supplier<Failure> failure, FailureDetails details, EditorLinks editor, PageStreams streams) {

        Shared(Supplier<Failure> failure, FailureDetails details) {
            this(failure, details, new EditorLinks(details.editor()), new PageStreams());
        }
    }

    /** @param loopback whether the listener is bound to loopback */
    FailureHandler(Shared shared, boolean loopback) {
        this.shared = shared;
        this.loopback = loopback;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (message.decoderResult().isFailure()) {
            request = null;
            shared.streams().end(context.channel());
            RequestHeads.refuse(context, message);
            return;
        }
        if (message instanceof HttpRequest head) {
            request = head;
            shared.streams().end(context.channel()); // a pipelining client does not wait for the stream's end
            if (HttpUtil.is100ContinueExpected(head)) {
                answer(context, head, false); // the body may or may not follow, so no next request can be found
                request = null;
            }
        }
        if (message instanceof LastHttpContent && request != null) {
            answer(context, request, HttpUtil.isKeepAlive(request));
            request = null;
        }
    }

    private void answer(ChannelHandlerContext context, HttpRequest head, boolean keep) {
        boolean isLocal = loopback && Connections.mayBeLocal(context.channel()) && LocalRequests.isLocal(head);
        if (!isLocal) {
            respond(context, unavailable(context, head, Failure.UNDISCLOSED, false), keep);
        } else if (!shared.details().shown()) {
            respond(
                    context,
                    unavailable(
                            context, head, Failure.inTranscript(shared.details().optionNames()), false),
                    keep);
        } else {
            answerDeveloper(context, head, keep);
        }
    }

    private void answerDeveloper(ChannelHandlerContext context, HttpRequest head, boolean keep) {
        Failure shown = shared.failure().get();
        Optional<EditorLinks.Answer> opened = shared.editor().answer(head, shown);
        if (opened.isPresent()) {
            EditorLinks.Answer answer = opened.get();
            respond(context, response(context, head, answer.status(), ResponseFormat.TEXT, answer.text()), keep);
        } else if (head.uri().startsWith(STREAM) && head.method().equals(HttpMethod.GET)) {
            stream(context, head.uri().substring(STREAM.length()), shown);
        } else {
            respond(context, unavailable(context, head, shown, true), keep);
        }
    }

    private static void respond(ChannelHandlerContext context, FullHttpResponse response, boolean keep) {
        HttpUtil.setKeepAlive(response, keep);
        ChannelFuture written = context.writeAndFlush(response);
        if (!keep) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    /**
     * Starts the event stream of a page. A page that shows another problem than the current one gets the event at once.
     */
    private void stream(ChannelHandlerContext context, String problem, Failure shown) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        describe(response, HttpHeaderValues.TEXT_EVENT_STREAM);
        response.headers().set(PROBLEM, shown.id());
        HttpUtil.setTransferEncodingChunked(response, true);
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        shared.streams().add(context.channel(), problem);
        shared.streams().outdateAllBut(shown.id());
    }

    private FullHttpResponse unavailable(
            ChannelHandlerContext context, HttpRequest head, Failure shown, boolean isForDeveloper) {
        ResponseFormat form = ResponseFormat.preferred(head.headers().getAll(HttpHeaderNames.ACCEPT));
        String body = isForHead(head) ? "" : body(form, head, shown, isForDeveloper);
        FullHttpResponse response = response(context, head, STATUS, form, body);
        response.headers()
                .set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT)
                .set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS)
                .set(PROBLEM, shown.id());
        return response;
    }

    private String body(ResponseFormat form, HttpRequest head, Failure shown, boolean isForDeveloper) {
        return switch (form) {
            case HTML -> page(head, shown, isForDeveloper);
            case JSON -> ProblemJson.of(shown, STATUS.code(), STATUS.reasonPhrase());
            case TEXT -> PlainText.of(shown);
        };
    }

    private String page(HttpRequest head, Failure shown, boolean isForDeveloper) {
        boolean reloads = head.method().equals(HttpMethod.GET);
        return isForDeveloper
                ? FailurePage.listening(shown, shared.editor().token(), reloads)
                : FailurePage.silent(shown, reloads);
    }

    /**
     * Returns whether this is a HEAD request. Its response may leave out header fields that depend on the content (RFC
     * 9110, 9.3.2).
     */
    private static boolean isForHead(HttpRequest head) {
        return head.method().equals(HttpMethod.HEAD);
    }

    private static FullHttpResponse response(
            ChannelHandlerContext context,
            HttpRequest head,
            HttpResponseStatus status,
            ResponseFormat form,
            String body) {
        ByteBuf content = ByteBufUtil.writeUtf8(context.alloc(), body);
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
        describe(response, form.contentType());
        if (!status.equals(HttpResponseStatus.NO_CONTENT) && !isForHead(head)) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        }
        return response;
    }

    private static void describe(HttpResponse response, CharSequence contentType) {
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff")
                .set("Content-Security-Policy", FailurePage.CONTENT_SECURITY_POLICY);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("a connection ended while the failure page was served", cause);
        context.close().addListener(closed -> LOG.debug("closed"));
    }
}
