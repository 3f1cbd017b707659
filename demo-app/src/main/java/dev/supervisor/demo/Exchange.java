package dev.supervisor.demo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One request and its answer. Owned by the connection's event loop; lives until the next request.
 *
 * <pre>
 *            begin            end           last byte has left
 *  WAITING ────────▶ BEGUN ────────▶ ENDED ────────────────────▶ SENT
 * </pre>
 *
 * <p>The exchange is over when the answer is {@code SENT} and the request has been read to its end. The next request
 * follows, or the end of the connection.
 */
final class Exchange {

    private enum State {
        WAITING,
        BEGUN,
        ENDED,
        SENT
    }

    private final ChannelHandlerContext ctx;
    private final HttpRequest request;
    private final int number;
    private final HttpHeaders headers =
            DefaultHttpHeadersFactory.headersFactory().newHeaders();

    private State state = State.WAITING;
    private boolean requestEnded;
    private boolean keepAlive;
    private boolean awaitsContinue; // the client holds its body back until it gets 100 Continue

    Exchange(ChannelHandlerContext ctx, HttpRequest request, int number) {
        this.ctx = ctx;
        this.request = request;
        this.number = number;
        this.keepAlive = HttpUtil.isKeepAlive(request);
        this.awaitsContinue = HttpUtil.is100ContinueExpected(request);
        if (request.decoderResult().isFailure()) {
            abandonRequest();
        }
    }

    HttpRequest request() {
        return request;
    }

    Channel channel() {
        return ctx.channel();
    }

    /** Returns how many requests this connection has sent to this generation, this one included. */
    int number() {
        return number;
    }

    /** Returns the headers of the answer; they may be changed before it begins. */
    HttpHeaders headers() {
        return headers;
    }

    /** Returns whether the client asks only for the head of the answer. */
    boolean isHead() {
        return HttpMethod.HEAD.equals(request.method());
    }

    boolean hasBegun() {
        return state != State.WAITING;
    }

    boolean isUnderWay() {
        return state == State.WAITING || state == State.BEGUN;
    }

    /** Answers with a text. */
    void reply(HttpResponseStatus status, String type, String text) {
        reply(status, type, ByteBufUtil.writeUtf8(ctx.alloc(), text));
    }

    /** Answers with these bytes, which it releases. */
    void reply(HttpResponseStatus status, String type, ByteBuf body) {
        headers.set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        begin(status, type);
        send(ctx.write(new DefaultHttpContent(body)));
        end();
    }

    /**
     * Begins an answer of many parts. The head leaves together with the first part.
     *
     * <p>Without a {@code Content-Length} among the {@link #headers}, the answer may have any length.
     */
    void begin(HttpResponseStatus status, String type) {
        assert ctx.executor().inEventLoop() && state == State.WAITING;
        if (awaitsContinue) {
            abandonRequest(); // from now on it is unknown whether the body will still come
        }
        HttpResponse head = ResponseHead.of(request, status, type, headers, keepAlive);
        keepAlive = HttpUtil.isKeepAlive(head);
        state = State.BEGUN;
        send(ctx.write(head));
    }

    /** Writes a text as the next part. */
    void write(String part, Runnable then) {
        write(ByteBufUtil.writeUtf8(ctx.alloc(), part), then);
    }

    /**
     * Writes the next part, which it releases.
     *
     * @param then run when the part has left, so that no more parts are made than the peer takes; not run if the peer
     *     has gone, or the answer has ended meanwhile
     */
    void write(ByteBuf part, Runnable then) {
        assert ctx.executor().inEventLoop() && state == State.BEGUN;
        send(ctx.writeAndFlush(new DefaultHttpContent(part)), () -> {
            if (isUnderWay()) {
                then.run();
            }
        });
    }

    /** Ends the answer. */
    void end() {
        assert ctx.executor().inEventLoop() && state == State.BEGUN;
        state = State.ENDED;
        send(ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT), this::sent);
    }

    /** Runs the step after a delay, if the answer is still under way then. */
    void after(Duration delay, Runnable step) {
        Runnable ifWanted = () -> {
            if (isUnderWay()) {
                step.run();
            }
        };
        ctx.executor().schedule(ifWanted, delay.toNanos(), TimeUnit.NANOSECONDS).addListener(this::failIfItFailed);
    }

    /** Lets in the next part of the request's body. A client that waits for 100 Continue gets it (RFC 9110, 10.1.1). */
    void receive() {
        if (awaitsContinue) {
            awaitsContinue = false;
            send(ctx.writeAndFlush(goOn()));
        }
        resume();
    }

    private static HttpResponse goOn() {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
    }

    /** Reads nothing more until {@link #receive}, or the end of the answer. */
    void pause() {
        ctx.channel().config().setAutoRead(false);
    }

    private void resume() {
        ctx.channel().config().setAutoRead(true);
    }

    /** Called when the last part of the request has arrived. */
    void requestEnded() {
        requestEnded = true;
        if (state == State.SENT) {
            goOnOrClose();
        }
    }

    /**
     * Leaves HTTP, when the request has been read to its end.
     *
     * @param answered the answer that says so to the client
     * @param next handles the connection from now on
     */
    void upgrade(ChannelFuture answered, ChannelHandler next) {
        assert requestEnded && state == State.WAITING;
        send(answered);
        ctx.pipeline().replace(ctx.handler(), null, next);
        resume();
    }

    /** Gives up the rest of the request, which is malformed or may not come. No other request can follow it. */
    void abandonRequest() {
        requestEnded = true;
        keepAlive = false;
    }

    private void sent() {
        state = State.SENT;
        goOnOrClose();
    }

    /** Reads on: the rest of this request, which is dropped, or the next one. */
    private void goOnOrClose() {
        if (requestEnded && !keepAlive) {
            close();
        } else {
            resume();
        }
    }

    /** Answers with 500 if no answer has begun; otherwise closes the connection, so that the peer sees the failure. */
    void fail(Throwable cause) {
        if (state == State.WAITING) {
            Log.LOG.error("can't answer {} {}", request.method(), request.uri(), cause);
            headers.clear();
            reply(HttpResponseStatus.INTERNAL_SERVER_ERROR, ContentType.TEXT, "this failed; the log says why\n");
        } else if (cause instanceof IOException) {
            Log.LOG.debug("closing {}: the peer has gone", ctx.channel(), cause);
            close();
        } else {
            Log.LOG.error(
                    "closing {} for what failed after {} {}", ctx.channel(), request.method(), request.uri(), cause);
            close();
        }
    }

    void close() {
        ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    private void send(ChannelFuture sent) {
        sent.addListener(this::failIfItFailed);
    }

    private void send(ChannelFuture sent, Runnable then) {
        send(sent);
        sent.addListener(future -> {
            if (future.isSuccess()) {
                run(then);
            }
        });
    }

    private void failIfItFailed(Future<?> future) {
        if (!future.isSuccess() && !future.isCancelled()) {
            fail(future.cause());
        }
    }

    /** Runs a step. An exception fails the exchange: Netty would only log it, and the client would wait forever. */
    private void run(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            fail(e);
        }
    }
}
