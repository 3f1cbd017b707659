package dev.supervisor.spi;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/** The open connections of all listeners. A handler of each server channel adds them; any thread may end them. */
@Sharable
final class AcceptedConnections extends ChannelInboundHandlerAdapter {

    private static final boolean HAS_HTTP = isPresent("io.netty.handler.codec.http.HttpServerCodec");

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    private static boolean isPresent(String type) {
        try {
            Class.forName(type, false, AcceptedConnections.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        Channel connection = (Channel) accepted;
        connections.add(connection);
        if (HAS_HTTP) {
            connection.pipeline().addLast(new PipelineBegin());
        }
        ctx.fireChannelRead(accepted);
    }

    /**
     * Fires {@link Superseded} into each connection, waits until they have closed, and closes those that have not.
     * Called when nothing is accepted any more.
     */
    void drain(Duration timeout) {
        for (Channel connection : connections) {
            try {
                connection.eventLoop().execute(() -> connection.pipeline().fireUserEventTriggered(Superseded.INSTANCE));
            } catch (RejectedExecutionException e) {
                // The application has ended its own event loops, which closes their connections.
            }
        }
        if (!connections.newCloseFuture().awaitUninterruptibly(timeout.toMillis())) {
            connections.close().awaitUninterruptibly(CLOSE_TIMEOUT.toMillis());
        }
    }

    /** Completes the pipeline of a connection, when the application's initializer has run. */
    private static final class PipelineBegin extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            HttpDrain.addTo(ctx.pipeline());
            ctx.fireChannelActive();
            ctx.pipeline().remove(this);
        }
    }
}
