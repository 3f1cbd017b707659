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

/** Speaks HTTP/1, and HTTP/2 to clients that begin with it (RFC 9113, 3.3), on one listener. */
final class FailurePipeline extends ChannelInitializer<Channel> {

    private final FailureHandler.Shared shared;
    private final boolean loopback;
    private final BooleanSupplier stopping;

    /**
     * @param loopback whether the listener is bound to loopback
     * @param stopping asked when connections are to leave: whether the supervisor stops; otherwise a build serves
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

    /** A request that offers an upgrade is answered as it is (RFC 9110, 7.8). */
    private static final class NoUpgrade extends HttpServerUpgradeHandler {

        NoUpgrade(HttpServerCodec codec) {
            super(codec, protocol -> null);
        }

        @Override
        protected boolean shouldHandleUpgradeRequest(HttpRequest request) {
            return false;
        }
    }

    /** Takes the place of what speaks HTTP/1. */
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

    /** All connections leave at the same time, and those of HTTP/2 don't tell their streams. */
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
