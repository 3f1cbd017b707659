package dev.supervisor.spi;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;

/** Sockets of the JDK, as under the supervisor. */
final class NioTransport implements Transport {

    private final String epoll;

    NioTransport() {
        this("is not on the class path");
    }

    /** @param epoll says why the epoll transport is not used, which could take over descriptors */
    NioTransport(String epoll) {
        this.epoll = epoll;
    }

    @Override
    public IoHandlerFactory loopFactory() {
        return NioIoHandler.newFactory();
    }

    @Override
    public Listening bind(SocketAddress address) throws IOException {
        ServerSocketChannel socket = open(address);
        try {
            socket.bind(address, NetUtil.SOMAXCONN);
            return new Listening(
                    address instanceof UnixDomainSocketAddress
                            ? new NioServerDomainSocketChannel(socket)
                            : new NioServerSocketChannel(socket),
                    socket.getLocalAddress());
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static ServerSocketChannel open(SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress) {
            return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        }
        return address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address
                ? ServerSocketChannel.open(StandardProtocolFamily.INET)
                : ServerSocketChannel.open();
    }

    /** The JDK has no public way to make a channel of a descriptor. */
    @Override
    public Listening adopt(int descriptor) throws IOException {
        throw new IOException("this takes Netty's epoll transport, which " + epoll
                + ": on Linux, add netty-transport-native-epoll with the classifier of this machine, such as"
                + " linux-x86_64, or netty-all");
    }
}
