package dev.supervisor.failure;

import dev.supervisor.spi.Superseded;
import dev.supervisor.web.RequestHeads;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import java.util.function.BooleanSupplier;

/** Sets up the connections of one listener for HTTP/1, and for HTTP/2 if the client begins with it (RFC 9113, 3.3). */
final class FailurePipeline extends ChannelInitializer<Channel> {

    private final FailureHandler.Shared shared;
    private final boolean loopback;
    private final BooleanSupplier stopping;

    /**
     * @param loopback whether the listener is bound to loopback
     * @param stopping called when connections must leave. Returns true if the supervisor stops, false if a build serves
     */
    FailurePipeline(FailureHandler.Shared shared, boolean loopback, BooleanSupplier stopping) {
        this.shared = shared;
        this.loopback = loopback;
        this.stopping = stopping;
    }

    @Override
    protected void initChannel(Channel connection) {
        HttpServerCodec codec = RequestHeads.codec();
        FailureHandler http1 = new FailureHandler(shared, loopback);
        connection
                .pipeline()
                .addLast(
                        new CleartextHttp2ServerUpgradeHandler(codec, new NoUpgrade(codec), new Http2(http1)),
                        http1,
                        new EndOfStreams());
    }

    /** Refuses upgrades: a request that offers one is answered without it (RFC 9110, 7.8). */
    private static final class NoUpgrade extends HttpServerUpgradeHandler {

        NoUpgrade(HttpServerCodec codec) {
            super(codec, protocol -> null);
        }

        @Override
        protected boolean shouldHandleUpgradeRequest(HttpRequest request) {
            return false;
        }
    }

    /** Replaces the handlers of HTTP/1. */
    private final class Http2 extends ChannelInitializer<Channel> {

        private final FailureHandler http1;

        Http2(FailureHandler http1) {
            this.http1 = http1;
        }

        @Override
        protected void initChannel(Channel connection) {
            Http2Settings settings = Http2Settings.defaultSettings().maxHeaderListSize(RequestHeads.LONGEST);
            connection.pipeline().remove(http1);
            connection
                    .pipeline()
                    .addLast(
                            Http2FrameCodecBuilder.forServer()
                                    .initialSettings(settings)
                                    .build(),
                            new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                                @Override
                                protected void initChannel(Channel stream) {
                                    stream.pipeline()
                                            .addLast(
                                                    new Http2StreamFrameToHttpObjectCodec(true),
                                                    new FailureHandler(shared, loopback));
                                }
                            }));
        }
    }

    /**
     * Ends all event streams when connections must leave. All connections leave at the same time; an HTTP/2 connection
     * does not pass the event on to its streams.
     */
    private final class EndOfStreams extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == Superseded.INSTANCE) {
                if (stopping.getAsBoolean()) {
                    shared.streams().endAll();
                } else {
                    shared.streams().outdateAll();
                }
            }
            context.fireUserEventTriggered(event);
        }
    }
}
