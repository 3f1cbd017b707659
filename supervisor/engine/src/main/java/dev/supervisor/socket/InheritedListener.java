package dev.supervisor.socket;

import dev.supervisor.Endpoint;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;

/** Takes over a listening socket of the parent process. */
final class InheritedListener {

    private InheritedListener() {}

    static BoundSocket adopt(SocketSpec spec, Endpoint.Inherited endpoint, int backlog) {
        int descriptor = endpoint.descriptor();
        switch (InternalSockets.kind(descriptor)) {
            case NONE -> throw unfit(spec, endpoint, "it is no socket, or closed");
            case DATAGRAM ->
                throw unfit(spec, endpoint, "it is a datagram socket, and " + spec.type() + " needs a stream");
            case STREAM -> {
                if (InternalSockets.isConnected(descriptor)) {
                    throw unfit(
                            spec,
                            endpoint,
                            "it is one connection, and not a listening socket (systemd: Accept=no; inetd: wait)");
                }
            }
        }
        try {
            ServerSocketChannel channel = InternalSockets.listening(descriptor, backlog);
            return BoundSocket.shared(channel, channel.getLocalAddress());
        } catch (IOException e) {
            throw unfit(spec, endpoint, "it can't listen: " + e.getMessage());
        }
    }

    static SupervisorException unfit(SocketSpec spec, Endpoint.Inherited endpoint, String why) {
        return new SupervisorException(
                "can't use " + endpoint + " of the parent process for the socket '" + spec.name() + "': " + why);
    }
}
