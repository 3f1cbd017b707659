package dev.supervisor.cli;

import dev.supervisor.Endpoint;
import dev.supervisor.Protocol;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.socket.BoundSocket;
import dev.supervisor.socket.ReceivingSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A bound socket that another program is given.
 *
 * @param unreachable makes it unreachable to new clients, if that is possible
 */
record PassedSocket(SocketSpec spec, int descriptor, SocketAddress address, Runnable unreachable) {

    /** @throws dev.supervisor.SupervisorException if the address can't be bound */
    static PassedSocket bind(SocketSpec spec, SupervisorOptions options) {
        if (spec.protocol() == Protocol.DATAGRAM) {
            ReceivingSocket socket = ReceivingSocket.open(spec, options.binding());
            return new PassedSocket(spec, BoundSocket.number(socket.descriptor()), socket.address(), () -> {});
        }
        BoundSocket socket = BoundSocket.bind(spec, options.limits().backlog(), options.binding());
        return new PassedSocket(spec, socket.descriptor(), socket.address(), socket.unreachable());
    }

    /** Returns the line about it, with the host as it was given. */
    String line() {
        return spec.endpoint() instanceof Endpoint.Tcp tcp && address instanceof InetSocketAddress inet
                ? SocketLine.ofInternet(
                        spec.name(), spec.protocol(), new Endpoint.Tcp(tcp.host(), inet.getPort()).toString())
                : SocketLine.ofUnix(spec.name(), spec.protocol(), address.toString());
    }
}
