package dev.supervisor.cli.control;

import dev.supervisor.admin.HeadTimeout;
import dev.supervisor.web.RequestHeads;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one request, after which its connection is closed. Belongs to the event loop of the control socket. */
final class ControlHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(ControlHandler.class);
    private static final String TEXT = "text/plain; charset=utf-8";

    /** How long a reader may take for the end of an answer. */
    private static final Duration END_WITHIN = Duration.ofSeconds(5);

    private final ControlRoutes routes;
    private final Executor background;
    private final HeadTimeout timeout;
    private boolean asked;

    /** @param background runs each task at once on some thread, or rejects it */
    ControlHandler(ControlRoutes routes, Executor background, HeadTimeout timeout) {
        this.routes = routes;
        this.background = background;
        this.timeout = timeout;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (asked) {
            return; // the client was told that the answer to the first request is the last
        }
        asked = true;
        timeout.headCame();
        boolean inText = AcceptedTypes.prefersText(request.headers().getAll(HttpHeaderNames.ACCEPT));
        if (request.decoderResult().isFailure()) {
            send(context.channel(), malformed(request.decoderResult().cause()), inText);
            return;
        }
        try {
            ControlRoutes.Found found = routes.find(request.method(), request.uri());
            ControlRequest read =
                    new ControlRequest(found.parameters(), request.content().toString(StandardCharsets.UTF_8), inText);
            Exchange exchange = new Exchange(context.channel(), read);
            exchange.guard(() -> found.endpoint().accept(exchange));
        } catch (ControlRequest.RefusedException e) {
            send(context.channel(), e.answer(), inText);
        }
    }

    private static ControlAnswer malformed(Throwable cause) {
        if (cause instanceof TooLongHttpLineException || cause instanceof TooLongHttpHeaderException) {
            return ControlAnswer.error(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "the head of the request is longer than 8 KB",
                    ControlAnswer.WRONG_USAGE);
        }
        return ControlAnswer.error(
                HttpResponseStatus.BAD_REQUEST, "this is no request of HTTP/1.1", ControlAnswer.WRONG_USAGE);
    }

    /** Sends the last answer of a connection. From any thread. */
    static void send(Channel channel, ControlAnswer answer, boolean inText) {
        String text = (inText ? answer.text() : answer.json()) + "\n";
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, answer.status(), ByteBufUtil.writeUtf8(channel.alloc(), text));
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, inText ? TEXT : HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        HttpUtil.setContentLength(response, response.content().readableBytes());
        HttpUtil.setKeepAlive(response, false);
        channel.writeAndFlush(response).addListener((ChannelFutureListener) sent -> end(sent.channel()));
    }

    private static void end(Channel channel) {
        RequestHeads.closeLingering(channel);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("a client of the control socket has left", cause);
        context.close().addListener(closed -> LOG.debug("closed {}", context.channel()));
    }

    private final class Exchange implements ControlExchange {

        private final Channel channel;
        private final ControlRequest request;
        private final AtomicBoolean answered = new AtomicBoolean();

        Exchange(Channel channel, ControlRequest request) {
            this.channel = channel;
            this.request = request;
        }

        @Override
        public ControlRequest request() {
            return request;
        }

        @Override
        public void answer(ControlAnswer answer) {
            if (answered.compareAndSet(false, true)) {
                send(channel, answer, request.inText());
            }
        }

        @Override
        public Lines lines() {
            answered.set(true);
            HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            head.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, request.inText() ? TEXT : "application/x-ndjson")
                    .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE); // its end is the end of the answer
            channel.writeAndFlush(head).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            return new SentLines(channel);
        }

        @Override
        public void inBackground(Runnable work) {
            try {
                background.execute(() -> guard(work));
            } catch (RejectedExecutionException | OutOfMemoryError e) { // the limit of threads
                answer(ControlAnswer.error(
                        HttpResponseStatus.SERVICE_UNAVAILABLE,
                        "there is no thread for that at the moment",
                        ControlAnswer.UNKNOWN));
            }
        }

        private void guard(Runnable work) {
            try {
                work.run();
            } catch (ControlRequest.RefusedException e) {
                answer(e.answer());
            } catch (RuntimeException | Error e) {
                LOG.error("a request of the control socket has failed", e);
                answer(ControlAnswer.error(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR, "it has failed: " + e, ControlAnswer.FAILED));
            }
        }

        @Override
        public void after(Duration delay, Runnable action) {
            var later = channel.eventLoop().schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
            channel.closeFuture().addListener(closed -> later.cancel(false));
        }
    }

    /** Its state belongs to the event loop. */
    private static final class SentLines implements ControlExchange.Lines {

        private final Channel channel;
        private int dropped;

        SentLines(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void send(String text) {
            channel.eventLoop().execute(() -> sendNow(text));
        }

        private void sendNow(String text) {
            if (!channel.isWritable()) {
                dropped++;
                return;
            }
            tellDropped();
            write(text);
        }

        private void tellDropped() {
            if (dropped > 0) {
                write("{\"event\":\"dropped\",\"count\":" + dropped + "}");
                dropped = 0;
            }
        }

        private void write(String text) {
            channel.writeAndFlush(new DefaultHttpContent(ByteBufUtil.writeUtf8(channel.alloc(), text + "\n")))
                    .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }

        @Override
        public void end() {
            channel.eventLoop().execute(() -> {
                tellDropped();
                channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
                        .addListener((ChannelFutureListener) sent -> ControlHandler.end(sent.channel()));
                Runnable close = () -> channel.close().addListener(closed -> LOG.debug("its reader was too slow"));
                var late = channel.eventLoop().schedule(close, END_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
                channel.closeFuture().addListener(closed -> late.cancel(false));
            });
        }

        @Override
        public void onClose(Runnable action) {
            channel.closeFuture().addListener(closed -> action.run());
        }
    }
}
