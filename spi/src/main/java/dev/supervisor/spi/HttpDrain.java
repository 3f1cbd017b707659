package dev.supervisor.spi;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Closes an HTTP/1.1 connection after {@link Superseded}, as soon as each of its requests has its response: under the
 * supervisor it would move to the next generation instead. Stands right behind the codec; owned by the connection's
 * event loop.
 */
final class HttpDrain extends ChannelDuplexHandler {

    /** How long a connection may take to send its first request: it was accepted, so one is mostly on its way. */
    private static final long FIRST_REQUEST_MILLIS = 1_000;

    private boolean asked;
    private boolean superseded;

    /** Set when the response was written that is the last one. */
    private boolean closing;

    private int unanswered;

    /** Whether the response that is being written is an interim one (RFC 9110, 15.2). */
    private boolean interim;

    private HttpDrain() {}

    /** Adds a handler behind the HTTP codec, if there is one. */
    static void addTo(ChannelPipeline pipeline) {
        ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
        if (codec != null) {
            pipeline.addAfter(codec.name(), null, new HttpDrain());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (closing) {
            ReferenceCountUtil.release(message); // the client has been told that no further request is answered
            return;
        }
        if (message instanceof HttpRequest) {
            asked = true;
            unanswered++;
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (superseded && !interim && unanswered == 1 && !(response.headers() instanceof ReadOnlyHttpHeaders)) {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
        }
        ChannelPromise written = promise;
        if (message instanceof LastHttpContent && !interim) {
            unanswered = Math.max(0, unanswered - 1); // a 408 answers no request
            if (superseded && unanswered == 0) {
                closing = true;
                written = promise.unvoid();
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }
        var unused = ctx.write(message, written); // the writer has the promise
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        superseded |= event == Superseded.INSTANCE; // before the application, which may answer to it
        ctx.fireUserEventTriggered(event);
        if (event != Superseded.INSTANCE) {
            return;
        }
        if (asked) {
            closeIfIdle(ctx);
        } else {
            var unused = ctx.executor().schedule(() -> closeIfIdle(ctx), FIRST_REQUEST_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Does nothing if the connection has changed to another protocol. */
    private void closeIfIdle(ChannelHandlerContext ctx) {
        if (unanswered == 0 && !closing && ctx.pipeline().get(HttpServerCodec.class) != null) {
            ctx.channel().close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }
}
