package dev.supervisor.socket.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;

/**
 * The address of a Unix socket for code that knows only addresses of the Internet: loopback, port 0. Its text is the
 * path. Netty's {@code SocketChannel} and {@code ServerSocketChannel} have no other addresses, and applications cast to
 * {@link InetSocketAddress}.
 */
final class UnixAddress extends InetSocketAddress {

    private static final long serialVersionUID = 1L;

    private final String path;

    UnixAddress(UnixDomainSocketAddress address) {
        super(InetAddress.getLoopbackAddress(), 0);
        path = address.toString();
    }

    @Override
    public String toString() {
        return "unix:" + path;
    }
}
