package dev.supervisor.admin;

import dev.supervisor.text.VisibleText;
import dev.supervisor.web.LocalRequests;
import dev.supervisor.web.RequestHeads;
import io.netty.buffer.Unpooled;
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
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of one connection, one after another. Changes nothing. */
final class AdminHandler extends SimpleChannelInboundHandler<HttpObject> {

    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    /** The path of a target that has none: it is that of no probe. */
    private static final String MALFORMED = "";

    private static final String PLAIN = "text/plain; charset=utf-8";

    private final AdminPages pages;
    private final Access access;
    private final StatusStreams streams;
    private final HeadTimeout timeout;

    /** Whether a request is being answered, or has been answered for the last time on this connection. */
    private boolean busy;

    /** A request has come that did not wait for the answer of the one before; its client asks again on another connection. */
    private boolean hasLost;

    AdminHandler(AdminPages pages, Access access, StatusStreams streams, HeadTimeout timeout) {
        this.pages = pages;
        this.access = access;
        this.streams = streams;
        this.timeout = timeout;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (busy) {
            hasLost |= message instanceof HttpRequest; // otherwise it belongs to the request that is being answered
            return;
        }
        if (message.decoderResult().isFailure()) {
            busy = true;
            timeout.headCame();
            RequestHeads.refuse(context, message);
        } else if (message instanceof HttpRequest head) {
            busy = true;
            timeout.headCame();
            try {
                answer(context, head);
            } catch (RuntimeException e) {
                LOG.warn("can't answer {}", VisibleText.of(head.uri()), e);
                last(context, response(head, HttpResponseStatus.INTERNAL_SERVER_ERROR, PLAIN, "see the log\n"));
            }
        }
    }

    private void answer(ChannelHandlerContext context, HttpRequest head) {
        Optional<QueryStringDecoder> target = target(head);
        Optional<Access.Refusal> refusal =
                access.refusal(head, target.map(QueryStringDecoder::path).orElse(MALFORMED));
        if (refusal.isPresent()) {
            refuse(context, head, refusal.get());
        } else if (target.isPresent()) {
            answer(context, head, target.get());
        } else {
            String text = "the address is malformed: two hexadecimal digits follow each '%'\n";
            last(context, response(head, HttpResponseStatus.BAD_REQUEST, PLAIN, text));
        }
    }

    /** Returns what is asked for; empty if it is malformed. */
    private static Optional<QueryStringDecoder> target(HttpRequest head) {
        QueryStringDecoder target = new QueryStringDecoder(head.uri());
        try {
            var unused = target.path();
            var unusedToo = target.parameters();
            return Optional.of(target);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void answer(ChannelHandlerContext context, HttpRequest head, QueryStringDecoder target) {
        switch (target.path()) {
            case "/livez" -> {
                var unused = pages.live().thenAcceptAsync(live -> text(context, head, live), context.executor());
            }
            case "/readyz" ->
                text(context, head, pages.ready(target.parameters().containsKey("verbose")));
            case "/metrics" ->
                answer(context, head, pages.metrics(head.headers().get(HttpHeaderNames.ACCEPT, "")));
            case "/status.json" -> answer(context, head, pages.status(viewer(context, head)));
            case "/events" -> stream(context, head);
            case "/" -> dashboard(context, head);
            default ->
                text(
                        context,
                        head,
                        new AdminPages.Text(
                                HttpResponseStatus.NOT_FOUND,
                                "there are /, /status.json, /events, /metrics, /livez and /readyz\n"));
        }
    }

    /** A reverse proxy on this machine makes requests of others look like its own. */
    private static Viewer viewer(ChannelHandlerContext context, HttpRequest head) {
        return context.channel().remoteAddress() instanceof InetSocketAddress peer
                        && peer.getAddress().isLoopbackAddress()
                        && LocalRequests.isLocal(head)
                ? Viewer.LOCAL
                : Viewer.REMOTE;
    }

    private void refuse(ChannelHandlerContext context, HttpRequest head, Access.Refusal refusal) {
        FullHttpResponse response = response(head, refusal.status(), PLAIN, refusal.why() + "\n");
        if (refusal.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        if (refusal.status().equals(HttpResponseStatus.UNAUTHORIZED)) {
            response.headers()
                    .add(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"supervisor\"")
                    .add(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"supervisor\", charset=\"UTF-8\"");
        }
        last(context, response);
    }

    private void text(ChannelHandlerContext context, HttpRequest head, AdminPages.Text text) {
        send(context, head, response(head, text.status(), PLAIN, text.text()));
    }

    private void answer(ChannelHandlerContext context, HttpRequest head, AdminPages.Page page) {
        send(context, head, response(head, HttpResponseStatus.OK, page.type(), page.content()));
    }

    private void dashboard(ChannelHandlerContext context, HttpRequest head) {
        Dashboard dashboard = pages.dashboard();
        FullHttpResponse response = response(head, HttpResponseStatus.OK, "text/html; charset=utf-8", dashboard.html());
        response.headers()
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, dashboard.policy())
                .set(HttpHeaderNames.X_FRAME_OPTIONS, "DENY");
        send(context, head, response);
    }

    private void stream(ChannelHandlerContext context, HttpRequest head) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        describe(response.headers(), HttpHeaderValues.TEXT_EVENT_STREAM.toString());
        HttpUtil.setTransferEncodingChunked(response, true);
        if (head.method().equals(HttpMethod.HEAD)) {
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        streams.add(context.channel(), viewer(context, head));
    }

    private static FullHttpResponse response(HttpRequest head, HttpResponseStatus status, String type, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        boolean bodiless = head.method().equals(HttpMethod.HEAD);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(content));
        describe(response.headers(), type);
        HttpUtil.setContentLength(response, content.length);
        return response;
    }

    /** No header lets a page of another origin read it. */
    private static void describe(HttpHeaders headers, String type) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("X-Content-Type-Options", "nosniff")
                .set("Cross-Origin-Resource-Policy", "same-origin")
                .set("Referrer-Policy", "no-referrer");
    }

    private void send(ChannelHandlerContext context, HttpRequest head, FullHttpResponse response) {
        if (hasBody(head) || !HttpUtil.isKeepAlive(head)) {
            last(context, response);
            return;
        }
        context.writeAndFlush(response).addListener(written -> {
            if (hasLost) {
                RequestHeads.closeLingering(context.channel());
                return;
            }
            busy = false;
            timeout.answered(context);
        });
    }

    private static boolean hasBody(HttpRequest head) {
        return HttpUtil.isTransferEncodingChunked(head) || HttpUtil.getContentLength(head, 0L) > 0;
    }

    /** Sends a response, after which the connection ends: what the peer sends besides is not read. */
    private void last(ChannelHandlerContext context, FullHttpResponse response) {
        HttpUtil.setKeepAlive(response, false);
        context.writeAndFlush(response)
                .addListener((ChannelFutureListener) written -> RequestHeads.closeLingering(written.channel()));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("a connection of the status has failed", cause);
        context.close().addListener(closed -> LOG.debug("closed"));
    }
}
