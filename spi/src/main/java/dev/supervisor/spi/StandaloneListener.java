package dev.supervisor.spi;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicReference;

/** A listening channel that the application may serve once. It accepts when the application has started. */
final class StandaloneListener implements Listener {

    private enum State {
        BOUND,
        OPENED,
        CLOSED
    }

    private final String name;
    private final Transport.Listening listening;
    private final EventLoopGroup loops;
    private final AcceptedConnections connections;
    private final AtomicReference<State> state = new AtomicReference<>(State.BOUND);

    StandaloneListener(
            String name, Transport.Listening listening, EventLoopGroup loops, AcceptedConnections connections) {
        this.name = name;
        this.listening = listening;
        this.loops = loops;
        this.connections = connections;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SocketAddress address() {
        return listening.address();
    }

    @Override
    public void serve(ChannelHandler childHandler) {
        new ServerBootstrap()
                .group(loops)
                .channelFactory(this::open)
                .childHandler(childHandler)
                .register()
                .syncUninterruptibly();
    }

    @Override
    public ServerChannel open() {
        if (!state.compareAndSet(State.BOUND, State.OPENED)) {
            throw new IllegalStateException("can't serve '" + name + "': "
                    + (state.get() == State.OPENED ? "it is served already" : "the application has ended"));
        }
        ServerChannel channel = listening.channel();
        channel.config().setAutoRead(false);
        channel.pipeline().addLast(new BindIgnored(), connections);
        return channel;
    }

    /** Accepts connections from now on; those that came before have waited in the backlog. */
    void accept() {
        listening.channel().config().setAutoRead(true);
    }

    /** Stops accepting, and waits until the socket is closed. Connections stay open. */
    void close() {
        state.set(State.CLOSED);
        listening.close();
    }

    /** The socket is bound already; to bind it again would fail. */
    private static final class BindIgnored extends ChannelOutboundHandlerAdapter {

        @Override
        public void bind(ChannelHandlerContext ctx, SocketAddress address, ChannelPromise promise) {
            promise.setSuccess();
        }
    }
}
