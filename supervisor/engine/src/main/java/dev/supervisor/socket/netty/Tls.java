package dev.supervisor.socket.netty;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's handler for TLS in the pipeline of a connection. An application that brings {@code netty-tcnative} has a class
 * {@link SslHandler} of its own, which is known by its name only.
 */
final class Tls {

    private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

    private Tls() {}

    static boolean isIn(ChannelPipeline pipeline) {
        return handlerIn(pipeline).isPresent();
    }

    /** Writes close_notify, if there is a handler for TLS. Returns a succeeded future otherwise. */
    static ChannelFuture close(ChannelPipeline pipeline) {
        return handlerIn(pipeline)
                .map(handler -> closeOutbound(pipeline, handler))
                .orElseGet(() -> pipeline.channel().newSucceededFuture());
    }

    private static ChannelFuture closeOutbound(ChannelPipeline pipeline, ChannelHandler handler) {
        if (handler instanceof SslHandler own) {
            return own.closeOutbound();
        }
        try {
            return (ChannelFuture) handler.getClass().getMethod("closeOutbound").invoke(handler);
        } catch (ReflectiveOperationException e) {
            LOG.debug("{} is closed without close_notify", pipeline.channel(), e);
            return pipeline.channel().newFailedFuture(e);
        }
    }

    private static Optional<ChannelHandler> handlerIn(ChannelPipeline pipeline) {
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            if (isTls(entry.getValue().getClass())) {
                return Optional.of(entry.getValue());
            }
        }
        return Optional.empty();
    }

    private static boolean isTls(Class<?> handler) {
        for (Class<?> type = handler; type != null; type = type.getSuperclass()) {
            if (type.getName().equals(SslHandler.class.getName())) {
                return true;
            }
        }
        return false;
    }
}
