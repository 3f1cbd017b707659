package dev.supervisor.demo;

import dev.supervisor.spi.Superseded;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of one connection, one after the other. Owned by the connection's event loop.
 *
 * <p>A client may send the next request before it has the answer to this one (pipelining), yet answers must go out in
 * the order of the requests. So reading stops as soon as a message has arrived, and goes on when it has been handled.
 * The {@link io.netty.handler.flow.FlowControlHandler} before this handler holds messages that the decoder has read
 * already; everything else stays in the socket or with the client.
 */
final class RequestHandler extends ChannelInboundHandlerAdapter {

    private final Routes routes;
    private int requests;
    private boolean superseded;
    private @Nullable Exchange exchange; // the newest one; null before the first request
    private Answer answer = none -> {};

    RequestHandler(Routes routes) {
        this.routes = routes;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        try {
            // Messages after the last answer, pipelined or cut off, are dropped.
            if (ctx.channel().isActive()) {
                read(ctx, message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(ChannelHandlerContext ctx, Object message) throws Exception {
        if (message instanceof HttpRequest request) {
            exchange = new Exchange(ctx, request, ++requests);
            begin(exchange);
        } else if (message instanceof HttpContent part && exchange != null) {
            content(exchange, part);
        }
    }

    private void begin(Exchange exchange) throws Exception {
        exchange.pause();
        answer = routes.find(exchange.request());
        answer.begin(exchange);
        endIfSuperseded(exchange);
    }

    /** Passes on a part of the body; parts that arrive after the end of the answer are dropped. */
    private void content(Exchange exchange, HttpContent part) throws Exception {
        if (part.decoderResult().isFailure()) {
            malformed(exchange);
            return;
        }
        if (part instanceof LastHttpContent) {
            exchange.requestEnded();
        }
        if (exchange.isUnderWay()) {
            exchange.pause();
            answer.content(exchange, part);
        }
    }

    private static void malformed(Exchange exchange) throws Exception {
        exchange.abandonRequest();
        if (exchange.hasBegun()) {
            exchange.close();
        } else {
            Refusal.badRequest("the body of the request is malformed").begin(exchange);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != Superseded.INSTANCE) {
            ctx.fireUserEventTriggered(event);
            return;
        }
        superseded = true;
        if (exchange != null) {
            endIfSuperseded(exchange);
        }
    }

    /**
     * Tells the answer that a newer generation has taken over. Also called for a request that arrived before that, and
     * waited for its turn.
     */
    private void endIfSuperseded(Exchange exchange) {
        if (superseded && exchange.isUnderWay()) {
            answer.superseded(exchange);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (exchange == null) {
            Log.LOG.debug("closing {} before its first request", ctx.channel(), cause);
            ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        } else {
            exchange.fail(cause);
        }
    }
}
