package dev.supervisor.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections without losing their last response: half-closes the socket, then reads for a moment what the peer
 * still sends. Closing a socket with unread bytes resets the connection, which can destroy the last response on its way
 * (RFC 9112, 9.6).
 *
 * <p>All state belongs to its event loop, one of the supervisor's.
 */
final class LingeringClose {

    private static final Logger LOG = LoggerFactory.getLogger(LingeringClose.class);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final ChannelGroup channels;

    LingeringClose(EventLoop loop) {
        this.loop = loop;
        this.channels = new DefaultChannelGroup(loop);
    }

    /** Takes over the connection and closes it. Must be called on the loop. */
    void begin(Connection connection) {
        Channel channel;
        try {
            channel = new NioSocketChannel(null, connection.socket());
        } catch (ChannelException e) { // one broken socket must not stop the others
            LOG.debug("a socket broke before it was closed", e);
            connection.end();
            return;
        }
        channel.pipeline().addLast(new Discarding());
        channel.closeFuture().addListener(closed -> connection.end());
        channels.add(channel);
        loop.register(channel).addListener(registered -> {
            if (registered.isSuccess()) {
                shutDownOutput((NioSocketChannel) channel);
            } else {
                channel.unsafe().closeForcibly();
                connection.end();
            }
        });
    }

    private void shutDownOutput(NioSocketChannel channel) {
        channel.shutdownOutput().addListener(done -> {
            if (!done.isSuccess()) {
                close(channel);
            }
        });
        Future<?> longest = loop.schedule(() -> close(channel), LONGEST.toNanos(), TimeUnit.NANOSECONDS);
        channel.closeFuture().addListener(closed -> longest.cancel(false));
    }

    private static void close(Channel channel) {
        channel.close().addListener(closed -> LOG.debug("closed {}", channel));
    }

    /** Runs the action when every close that has begun so far has ended. Must be called on the loop. */
    void whenEnded(Runnable action) {
        channels.newCloseFuture().addListener(ended -> action.run());
    }

    private static final class Discarding extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("a connection broke while it was being closed: {}", cause.toString());
            close(context.channel());
        }
    }
}
