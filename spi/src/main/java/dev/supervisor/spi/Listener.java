package dev.supervisor.spi;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;

/**
 * One bound server socket that the supervisor owns for its whole life, as one generation sees it. A generation may serve
 * each of its listeners once, by {@link #serve} or by {@link #open}.
 */
public interface Listener {

    /** Returns the name given on the command line, such as {@code http}. */
    String name();

    /**
     * Returns the address that the socket is bound to: an {@link java.net.InetSocketAddress} for TCP, a {@link
     * java.net.UnixDomainSocketAddress} for a Unix socket.
     */
    SocketAddress address();

    /**
     * Serves this listener on the generation's own event loops: the short way. Waits until the channel is registered.
     *
     * @param childHandler added to the pipeline of each connection: a {@link io.netty.channel.ChannelInitializer}, or a
     *     sharable handler
     * @throws IllegalStateException if this generation serves the listener already, or has ended
     */
    void serve(ChannelHandler childHandler);

    /**
     * Returns a channel that accepts this listener's connections: the long way, for a bootstrap of the application,
     * {@code new ServerBootstrap().channelFactory(listener::open)}. Its worker group must be of NIO: either {@link
     * ApplicationContext#eventLoopGroup()} or a group that the application ends in {@link Application#close()}. The
     * address given to {@code bind} is ignored: the socket is bound already.
     */
    ServerChannel open();
}
