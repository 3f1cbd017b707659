package dev.supervisor.socket;

import dev.supervisor.Endpoint;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes over a listening socket of the parent process. */
final class InheritedListener {

    private static final Logger LOG = LoggerFactory.getLogger(InheritedListener.class);

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

    /**
     * Takes over a socket that was kept since the run before. Returns nothing if it can't be used, or if the file of a
     * Unix socket is gone, by which clients would find it: the socket is to be bound anew then.
     */
    static Optional<BoundSocket> adoptKept(SocketSpec spec, int descriptor, int backlog) {
        try {
            BoundSocket kept = adopt(spec, new Endpoint.Inherited(descriptor), backlog);
            if (!(spec.endpoint() instanceof Endpoint.Unix unix)) {
                return Optional.of(kept);
            }
            if (UnixSocketFile.isSocket(unix.path())) {
                return Optional.of(new BoundSocket(
                        kept.channel(),
                        UnixDomainSocketAddress.of(unix.path()),
                        true,
                        UnixSocketFile.deletion(unix.path())));
            }
            kept.channel().close();
            LOG.info("binding {} anew: its file is gone", spec);
        } catch (SupervisorException | IOException e) {
            LOG.warn("binding {} anew: {}", spec, e.getMessage());
        }
        return Optional.empty();
    }

    static SupervisorException unfit(SocketSpec spec, Endpoint.Inherited endpoint, String why) {
        return new SupervisorException(
                "can't use " + endpoint + " of the parent process for the socket '" + spec.name() + "': " + why);
    }
}
