package dev.supervisor.socket;

import dev.supervisor.Endpoint;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions.Binding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Binds sockets of UDP. */
final class UdpSocket {

    private static final Logger LOG = LoggerFactory.getLogger(UdpSocket.class);

    private UdpSocket() {}

    static DatagramChannel bind(SocketSpec spec, Endpoint.Tcp endpoint, Binding binding) {
        InetSocketAddress address = endpoint.resolve();
        try {
            DatagramChannel socket = DatagramChannel.open(TcpSocket.familyOf(address));
            try {
                if (binding.reusePort()) {
                    socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                }
                socket.setOption(
                        StandardSocketOptions.SO_RCVBUF, binding.receiveBuffer().orElse(Binding.RECEIVE_BUFFER));
                return socket.bind(address);
            } catch (IOException | RuntimeException e) { // UnsupportedOperationException: no SO_REUSEPORT
                TcpSocket.closeQuietly(socket, e);
                throw e;
            }
        } catch (IOException | RuntimeException e) { // UnsupportedOperationException: there is no IPv6
            throw TcpSocket.cantBind(spec, endpoint, e);
        }
    }

    /** Takes over a socket of the parent process, whose receive buffer the parent may have set. */
    static DatagramChannel adopt(SocketSpec spec, Endpoint.Inherited endpoint, Binding binding) {
        if (InternalSockets.kind(endpoint.descriptor()) != InternalSockets.Kind.DATAGRAM) {
            throw InheritedListener.unfit(spec, endpoint, "it is no datagram socket");
        }
        try {
            DatagramChannel socket = InternalSockets.datagrams(endpoint.descriptor());
            if (binding.receiveBuffer().isPresent()) {
                socket.setOption(
                        StandardSocketOptions.SO_RCVBUF, binding.receiveBuffer().get());
            }
            return socket;
        } catch (IOException | SupervisorException e) {
            throw InheritedListener.unfit(spec, endpoint, String.valueOf(e.getMessage()));
        }
    }

    /** Takes over a socket that was kept since the run before; returns nothing if it can't be used, and is to be bound anew. */
    static Optional<DatagramChannel> adoptKept(SocketSpec spec, int descriptor, Binding binding) {
        try {
            return Optional.of(adopt(spec, new Endpoint.Inherited(descriptor), binding));
        } catch (SupervisorException e) {
            LOG.warn("binding {} anew: {}", spec, e.getMessage());
            return Optional.empty();
        }
    }
}
