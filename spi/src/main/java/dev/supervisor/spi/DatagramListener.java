package dev.supervisor.spi;

import io.netty.channel.ChannelHandler;
import io.netty.channel.socket.DatagramChannel;
import java.net.InetSocketAddress;

/**
 * One bound datagram socket (UDP) that the supervisor owns for its whole life, as one generation sees it. A generation
 * may serve each of its datagram listeners once, by {@link #serve} or by {@link #open}.
 *
 * <p>Datagrams that arrive while no generation serves wait in the kernel's receive buffer. A generation that has been
 * replaced receives none any more, but may send until it has ended: the channel is closed after {@link
 * Application#close()}.
 */
public interface DatagramListener {

    /** Returns the name given on the command line, such as {@code udp}. */
    String name();

    /** Returns the address that the socket is bound to. */
    InetSocketAddress address();

    /**
     * Serves this listener on one of the generation's own event loops: the short way. Waits until the channel is
     * registered.
     *
     * @param handler receives each {@link io.netty.channel.socket.DatagramPacket}; a {@link
     *     io.netty.channel.ChannelInitializer} may add several
     * @throws IllegalStateException if this generation serves the listener already, or has ended
     */
    void serve(ChannelHandler handler);

    /**
     * Returns a channel that receives this listener's datagrams: the long way, for a bootstrap of the application,
     * {@code new Bootstrap().channelFactory(listener::open)}. Its group must be of NIO: either {@link
     * ApplicationContext#eventLoopGroup()} or a group that the application ends in {@link Application#close()}. The
     * address given to {@code bind} is ignored: the socket is bound already.
     */
    DatagramChannel open();
}
