package dev.supervisor.demo;

import dev.supervisor.spi.ApplicationContext;
import dev.supervisor.spi.Superseded;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Map;

/**
 * A WebSocket that outlives its build. Each text is answered by who answers, and by what the connection has lived
 * through. Owned by the connection's event loop.
 *
 * <p>The way to the next build:
 *
 * <pre>
 *  supervisor             this build                 client
 *      │    Superseded        │     superseded=true     │
 *      │ ───────────────────▶ │ ──────────────────────▶ │ asks by HTTP until a build answers
 *      │                      │ ◀────── a text that ends with "ready"
 *      │  handOff (history)   │       its answer        │
 *      │ ◀─────────────────── │ ──────────────────────▶ │
 * </pre>
 *
 * <p>Right after a text has been read, the decoder has no part of a further one, which would be lost. The client is asked
 * since a build that has failed takes over, too: with a page for browsers, and without WebSockets.
 */
final class LiveSocket extends SimpleChannelInboundHandler<WebSocketFrame> {

    /** For short messages. */
    static final WebSocketDecoderConfig DECODER =
            WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(1024).build();

    private static final String SUPERSEDED = "superseded";
    private static final String READY = "ready";

    private final ApplicationContext supervisor;
    private final Build build;
    private SocketHistory history;
    private boolean superseded;

    LiveSocket(ApplicationContext supervisor, Build build, Channel connection) {
        this.supervisor = supervisor;
        this.build = build;
        this.history =
                SocketHistory.of(supervisor.stateOf(connection).orElseGet(() -> new byte[0]), build.generation());
    }

    /** Completes the pipeline of a connection that is a WebSocket already: the former build has opened it. */
    void goOn(ChannelPipeline pipeline) {
        pipeline.addLast(new WebSocket13FrameDecoder(DECODER), new WebSocket13FrameEncoder(false), this);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        if (frame instanceof TextWebSocketFrame text && frame.isFinalFragment()) {
            answer(ctx, text.text());
        } else if (frame instanceof PingWebSocketFrame) {
            send(ctx, new PongWebSocketFrame(frame.content().retain()));
        } else if (frame instanceof CloseWebSocketFrame) {
            send(ctx, frame.retain()).addListener(ChannelFutureListener.CLOSE);
        } else if (!(frame instanceof PongWebSocketFrame)) {
            close(ctx, WebSocketCloseStatus.INVALID_MESSAGE_TYPE);
        }
    }

    private void answer(ChannelHandlerContext ctx, String text) {
        history = history.withMessage();
        Map<String, String> answer = build.facts(ctx.channel());
        answer.putAll(history.fields());
        answer.put("text", text);
        answer.put(SUPERSEDED, Boolean.toString(superseded));
        ChannelFuture written = send(ctx, new TextWebSocketFrame(UrlEncoded.encode(answer)));
        // If the client reads slowly, it is still to be written, and the connection goes after another text.
        if (superseded && text.endsWith(READY) && written.isSuccess()) {
            handOff(ctx);
        }
    }

    private void handOff(ChannelHandlerContext ctx) {
        try {
            supervisor.handOff(ctx.channel(), history.state());
        } catch (IllegalStateException e) {
            Log.LOG.debug("closing {}: nobody takes it over", ctx.channel(), e);
            close(ctx, WebSocketCloseStatus.ENDPOINT_UNAVAILABLE);
        }
    }

    /** A client that sends and does not read waits, before its answers fill the memory. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        ctx.fireChannelWritabilityChanged();
    }

    /** Keeps the event to itself, which tells the supervisor that the application moves this connection. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == Superseded.INSTANCE) {
            superseded = true;
            send(ctx, new TextWebSocketFrame(UrlEncoded.encode(Map.of(SUPERSEDED, "true"))));
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private static ChannelFuture send(ChannelHandlerContext ctx, WebSocketFrame frame) {
        return ctx.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private static void close(ChannelHandlerContext ctx, WebSocketCloseStatus why) {
        send(ctx, new CloseWebSocketFrame(why)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Log.LOG.debug("closing {}", ctx.channel(), cause);
        ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
}
