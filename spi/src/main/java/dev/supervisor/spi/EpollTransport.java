package dev.supervisor.spi;

import io.netty.channel.ChannelException;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Optional;

/** Sockets of Netty's epoll transport, an optional dependency, which can take over a descriptor. */
final class EpollTransport implements Transport {

    /** The values of Linux on the processors that Netty has native libraries for (asm-generic/socket.h). */
    private static final int SOL_SOCKET = 1;

    private static final int SO_TYPE = 3;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int SOCK_STREAM = 1;
    private static final int AF_UNIX = 1;

    /** Returns why this transport can't be used, for lack of its native library mostly; empty if it can. */
    static Optional<Throwable> unavailabilityCause() {
        return Optional.ofNullable(Epoll.unavailabilityCause());
    }

    @Override
    public IoHandlerFactory loopFactory() {
        return EpollIoHandler.newFactory();
    }

    @Override
    public Listening bind(SocketAddress address) throws IOException {
        LinuxSocket socket = open(address);
        try {
            if (address instanceof UnixDomainSocketAddress unix) {
                socket.bind(new DomainSocketAddress(unix.getPath().toFile()));
            } else {
                socket.setReuseAddress(true);
                socket.bind(address);
            }
            socket.listen(NetUtil.SOMAXCONN);
            Listening listening = adopt(socket.intValue());
            return new Listening(listening.channel(), listening.address(), () -> deleteFile(address));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static LinuxSocket open(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress) {
            return LinuxSocket.newSocketDomain();
        }
        return LinuxSocket.newSocketStream(
                address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address
                        ? SocketProtocolFamily.INET
                        : SocketProtocolFamily.INET6);
    }

    @Override
    public Listening adopt(int descriptor) throws IOException {
        Socket socket = socket(descriptor);
        if (socket.getIntOpt(SOL_SOCKET, SO_TYPE) != SOCK_STREAM) {
            throw new IOException("it is no stream socket (ListenStream= of systemd)");
        }
        if (socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) == 0) {
            throw new IOException("it does not listen (Accept=no of systemd)");
        }
        if (socket.getIntOpt(SOL_SOCKET, SO_DOMAIN) == AF_UNIX) {
            return new Listening(
                    new EpollServerDomainSocketChannel(descriptor, true),
                    UnixDomainSocketAddress.of(socket.localDomainSocketAddress().path()));
        }
        return new Listening(new EpollServerSocketChannel(descriptor), socket.localAddress());
    }

    /** A channel of a descriptor leaves the file of its socket alone. */
    private static void deleteFile(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress unix) {
            unix.getPath().toFile().delete();
        }
    }

    private static Socket socket(int descriptor) throws IOException {
        try {
            return new Socket(descriptor);
        } catch (ChannelException e) { // it is asked for its address family
            throw new IOException("it is no socket", e);
        }
    }
}
