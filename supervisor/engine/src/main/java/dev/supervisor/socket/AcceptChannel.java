package dev.supervisor.socket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server channel whose messages are the accepted sockets, as raw NIO channels, which it offers to a {@link Gate}. */
final class AcceptChannel extends NioServerSocketChannel {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptChannel.class);
    private static final long PAUSE_AFTER_ERROR_MILLIS = 1000;
    private static final long WARNINGS_APART_NANOS = TimeUnit.SECONDS.toNanos(30);

    private @Nullable Gate gate;

    /**
     * @param family an IPv6 socket bound to the wildcard address accepts IPv4 too; an IPv4 socket never accepts IPv6
     */
    AcceptChannel(ProtocolFamily family) throws IOException {
        super(ServerSocketChannel.open(family));
    }

    /** Sets the gate and the options. Must be called before the channel is registered. */
    void init(Gate itsGate, int backlog) {
        gate = itsGate;
        config().setBacklog(backlog).setReuseAddress(true);
        pipeline().addLast(new ToGate(itsGate));
    }

    @Override
    protected int doReadMessages(List<Object> sockets) throws Exception {
        SocketChannel socket = javaChannel().accept();
        return socket != null && sockets.add(socket) ? 1 : 0;
    }

    /**
     * Accepts the connections left in the backlog before it closes: the kernel resets connections that are established
     * and not accepted.
     */
    @Override
    protected void doClose() throws Exception {
        if (gate != null && isActive()) {
            acceptTheRest(gate);
        }
        super.doClose();
    }

    private void acceptTheRest(Gate target) {
        try {
            for (SocketChannel socket = javaChannel().accept();
                    socket != null;
                    socket = javaChannel().accept()) {
                target.accepted(socket);
            }
        } catch (IOException e) {
            LOG.warn("connections that had not been accepted are lost: {}", e.toString());
        }
    }

    private static final class ToGate extends ChannelInboundHandlerAdapter {

        private final Gate gate;
        private @Nullable Long warned;

        ToGate(Gate gate) {
            this.gate = gate;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object socket) {
            gate.accepted((SocketChannel) socket);
        }

        /**
         * Pauses accepting. The cause is mostly a lack of file descriptors: the next attempt would fail at once too,
         * and spin.
         */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            warn(context, cause);
            var config = context.channel().config();
            if (config.isAutoRead()) {
                config.setAutoRead(false);
                var unused = context.channel()
                        .eventLoop()
                        .schedule(() -> config.setAutoRead(true), PAUSE_AFTER_ERROR_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        /** Logs at most every 30 s: a lack of descriptors lasts, and one line a second would hide all others. */
        private void warn(ChannelHandlerContext context, Throwable cause) {
            long now = System.nanoTime();
            if (warned == null || now - warned >= WARNINGS_APART_NANOS) {
                warned = now;
                LOG.warn(
                        "can't accept on {}: {} (trying again every second)",
                        context.channel().localAddress(),
                        cause.toString());
            }
        }
    }
}
