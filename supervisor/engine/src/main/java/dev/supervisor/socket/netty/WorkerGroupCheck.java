package dev.supervisor.socket.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.nio.NioIoHandle;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the event loops on which an application's {@link ServerBootstrap} registers connections. They are found in a
 * private field of the handler that the bootstrap adds to its server channel; without that field nothing is checked.
 */
final class WorkerGroupCheck {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerGroupCheck.class);

    private static final Optional<Field> FIELD = field();

    private WorkerGroupCheck() {}

    private static Optional<Field> field() {
        try {
            Class<?> acceptor = Arrays.stream(ServerBootstrap.class.getDeclaredClasses())
                    .filter(ChannelHandler.class::isAssignableFrom)
                    .findFirst()
                    .orElseThrow(ClassNotFoundException::new);
            Field field = acceptor.getDeclaredField("childGroup");
            field.setAccessible(true);
            return Optional.of(field);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("this Netty's ServerBootstrap can't be read", e);
            return Optional.empty();
        }
    }

    /** @throws IllegalStateException if connections can't be registered with these event loops */
    static void check(String listener, ChannelPipeline pipeline) {
        FIELD.flatMap(field -> groupIn(pipeline, field))
                .filter(group -> !isNio(group))
                .ifPresent(group -> {
                    throw new IllegalStateException("listener '" + listener + "' can't be served on the event loops of "
                            + group.getClass().getSimpleName()
                            + ": its connections are NIO channels (use context.eventLoopGroup(), or"
                            + " new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory()), as the worker group)");
                });
    }

    private static Optional<EventLoopGroup> groupIn(ChannelPipeline pipeline, Field field) {
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            if (field.getDeclaringClass().isInstance(entry.getValue())) {
                try {
                    return Optional.of((EventLoopGroup) field.get(entry.getValue()));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isNio(EventLoopGroup group) {
        return group.next() instanceof IoEventLoop loop && loop.isCompatible(NioIoHandle.class);
    }
}
