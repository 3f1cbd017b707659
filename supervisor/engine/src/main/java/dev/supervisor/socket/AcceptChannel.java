package dev.supervisor.socket;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.nio.AbstractNioMessageChannel;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server channel whose messages are the accepted sockets, as raw NIO channels, which it gives to its {@link
 * ListeningSocket}. Its socket is bound already. Netty's own server channels are of TCP only, or delete the file of a Unix socket when they
 * are closed.
 */
final class AcceptChannel extends AbstractNioMessageChannel implements ServerChannel {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptChannel.class);
    private static final long PAUSE_AFTER_ERROR_MILLIS = 1000;
    private static final long WARNINGS_APART_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int MESSAGES_PER_READ = 16;
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, MESSAGES_PER_READ);

    private final BoundSocket socket;
    private final Config config = new Config();

    private @Nullable Consumer<SocketChannel> taker;

    /** Whether another process has the socket too. Set by any thread. */
    private volatile boolean shared;

    AcceptChannel(BoundSocket socket) {
        super(null, socket.channel(), SelectionKey.OP_ACCEPT);
        this.socket = socket;
        this.shared = socket.isShared();
    }

    FileDescriptor descriptor() {
        return InternalSockets.file(javaChannel());
    }

    /** Returns whether a selector has the socket: then it is bound although it may be closed. For the event loop. */
    boolean isSelected() {
        return javaChannel().isRegistered();
    }

    /** No other process has the socket any more. */
    void own() {
        shared = false;
    }

    boolean isShared() {
        return shared;
    }

    /**
     * Returns the descriptor for another process, which goes on accepting when this channel is closed. Returns nothing if
     * another process has it already.
     */
    Optional<FileDescriptor> share() {
        if (shared) {
            return Optional.empty();
        }
        FileDescriptor descriptor = InternalSockets.file(javaChannel());
        shared = true;
        return Optional.of(descriptor);
    }

    private final class Config extends DefaultChannelConfig {

        Config() {
            super(AcceptChannel.this, new ServerChannelRecvByteBufAllocator());
        }

        /** Without this, one more connection would be accepted after the end of reading. */
        @Override
        protected void autoReadCleared() {
            clearReadPending();
        }
    }

    /** Sets who takes accepted sockets, on the loop. Must be called before the channel is registered. */
    void init(Consumer<SocketChannel> itsTaker) {
        taker = itsTaker;
        pipeline().addLast(new ToTaker(itsTaker));
    }

    @Override
    protected int doReadMessages(List<Object> sockets) throws Exception {
        SocketChannel accepted = javaChannel().accept();
        return accepted != null && sockets.add(accepted) ? 1 : 0;
    }

    /**
     * Accepts the connections left in the backlog before it closes: the kernel resets connections that are established
     * and not accepted. A socket that is shared is left as it is: another process accepts what is left.
     */
    @Override
    protected void doClose() throws Exception {
        if (!shared) {
            socket.unreachable().run();
            if (taker != null && isActive()) {
                acceptTheRest(taker);
            }
        }
        javaChannel().close();
    }

    private void acceptTheRest(Consumer<SocketChannel> target) {
        try {
            for (SocketChannel accepted = javaChannel().accept();
                    accepted != null;
                    accepted = javaChannel().accept()) {
                target.accept(accepted);
            }
        } catch (IOException e) {
            LOG.warn("connections that had not been accepted are lost: {}", e.toString());
        }
    }

    @Override
    protected ServerSocketChannel javaChannel() {
        return (ServerSocketChannel) super.javaChannel();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isActive() {
        return isOpen();
    }

    @Override
    protected SocketAddress localAddress0() {
        return socket.address();
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("it is bound");
    }

    @Override
    protected boolean doConnect(SocketAddress remote, SocketAddress local) {
        throw new UnsupportedOperationException("a server channel");
    }

    @Override
    protected void doFinishConnect() {
        throw new UnsupportedOperationException("a server channel");
    }

    @Override
    protected void doDisconnect() {
        throw new UnsupportedOperationException("a server channel");
    }

    @Override
    protected boolean doWriteMessage(Object message, ChannelOutboundBuffer buffer) {
        throw new UnsupportedOperationException("a server channel");
    }

    private static final class ToTaker extends ChannelInboundHandlerAdapter {

        private final Consumer<SocketChannel> taker;
        private @Nullable Long warned;

        ToTaker(Consumer<SocketChannel> taker) {
            this.taker = taker;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object socket) {
            taker.accept((SocketChannel) socket);
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
