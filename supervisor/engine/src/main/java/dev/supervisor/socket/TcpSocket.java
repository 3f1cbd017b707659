package dev.supervisor.socket;

import dev.supervisor.Endpoint;
import dev.supervisor.Protocol;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.util.Locale;

/** Binds sockets of TCP. */
final class TcpSocket {

    private static final String HOW_TO_FREE_A_PORT = " (stop the process that holds it: 'ss -l%2$snp sport = :%1$d' or"
            + " 'lsof -i :%1$d' names it; or use another port, 0 picks a free one)";

    private static final int FIRST_UNPRIVILEGED_PORT = 1024;
    private static final String HOW_TO_GET_A_LOW_PORT =
            " (a port below 1024 is for root: use one from 1024 on, or give the"
                    + " process CAP_NET_BIND_SERVICE, or lower net.ipv4.ip_unprivileged_port_start by sysctl)";

    private TcpSocket() {}

    static BoundSocket bind(SocketSpec spec, Endpoint.Tcp endpoint, int backlog, boolean reusePort) {
        InetSocketAddress address = endpoint.resolve();
        ServerSocketChannel socket = open(spec, endpoint, familyOf(address));
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (reusePort) {
                socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            socket.bind(address, backlog);
            return BoundSocket.own(socket, socket.getLocalAddress(), () -> {});
        } catch (IOException | RuntimeException e) { // UnsupportedOperationException: no SO_REUSEPORT
            closeQuietly(socket, e);
            throw cantBind(spec, endpoint, e);
        }
    }

    /** Binds an address as an application would that does not choose between IPv4 and IPv6. */
    static BoundSocket bindAsApplication(InetSocketAddress address, int backlog) throws IOException {
        ServerSocketChannel socket = ServerSocketChannel.open();
        try {
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(address, backlog);
            return BoundSocket.own(socket, socket.getLocalAddress(), () -> {});
        } catch (IOException | RuntimeException e) {
            closeQuietly(socket, e);
            throw e;
        }
    }

    /** An IPv6 socket bound to the wildcard address accepts IPv4 too; an IPv4 socket never accepts IPv6. */
    static ProtocolFamily familyOf(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
    }

    private static ServerSocketChannel open(SocketSpec spec, Endpoint.Tcp endpoint, ProtocolFamily family) {
        try {
            return ServerSocketChannel.open(family);
        } catch (IOException | UnsupportedOperationException e) { // UnsupportedOperationException: there is no IPv6
            throw cantBind(spec, endpoint, e);
        }
    }

    static void closeQuietly(Channel socket, Exception cause) {
        try {
            socket.close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    static SupervisorException cantBind(SocketSpec spec, Endpoint.Tcp endpoint, Exception cause) {
        String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return new SupervisorException(
                "can't bind " + spec + ": " + reason + advice(spec, endpoint, cause, reason), cause);
    }

    private static String advice(SocketSpec spec, Endpoint.Tcp endpoint, Exception cause, String reason) {
        if (reason.contains("permission denied")) {
            return endpoint.port() < FIRST_UNPRIVILEGED_PORT ? HOW_TO_GET_A_LOW_PORT : "";
        }
        if (reason.contains("cannot assign requested address")) {
            return " (it is no address of this machine: 'ip addr' lists those; or use 0.0.0.0 or [::] for all of them)";
        }
        int port = endpoint.port();
        return cause instanceof BindException && port != 0
                ? HOW_TO_FREE_A_PORT.formatted(port, spec.protocol() == Protocol.DATAGRAM ? "u" : "t")
                : "";
    }
}
