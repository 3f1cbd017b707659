package dev.supervisor.socket;

import dev.supervisor.Endpoint;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions.Binding;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

/**
 * A bound server socket, whose backlog fills already.
 *
 * @param address the address that clients use
 * @param isShared whether another process goes on accepting when this one has closed it
 * @param unreachable makes it unreachable to new clients, before it is closed, if that is possible
 */
public record BoundSocket(ServerSocketChannel channel, SocketAddress address, boolean isShared, Runnable unreachable) {

    static BoundSocket own(ServerSocketChannel channel, SocketAddress address, Runnable unreachable) {
        return new BoundSocket(channel, address, false, unreachable);
    }

    static BoundSocket shared(ServerSocketChannel channel, SocketAddress address) {
        return new BoundSocket(channel, address, true, () -> {});
    }

    /** Closes a descriptor that the parent process has passed, in this process only. */
    public static void close(int descriptor) {
        InternalSockets.close(descriptor);
    }

    /**
     * Returns another number of the same descriptor, which belongs to the caller.
     *
     * @throws IOException if there is none left
     * @throws SupervisorException if this JVM does not tell numbers
     */
    public static int duplicate(FileDescriptor descriptor) throws IOException {
        return InternalSockets.duplicate(InternalSockets.number(descriptor));
    }

    /**
     * Returns the number of a file descriptor.
     *
     * @throws SupervisorException if this JVM does not tell it
     */
    public static int number(FileDescriptor descriptor) {
        return InternalSockets.number(descriptor);
    }

    /**
     * Returns the number of the socket's file descriptor, which stays the channel's.
     *
     * @throws SupervisorException if this JVM does not tell it
     */
    public int descriptor() {
        return InternalSockets.descriptor(channel);
    }

    /**
     * Binds a socket, or takes over the one that was kept for it.
     *
     * @param backlog how many connections the kernel keeps that have not been accepted
     * @param binding how to bind it
     * @throws SupervisorException if the address can't be bound; its message names the address and says what to do
     */
    public static BoundSocket bind(SocketSpec spec, int backlog, Binding binding) {
        Integer kept = binding.kept().get(spec.name());
        return Optional.ofNullable(kept)
                .flatMap(descriptor -> InheritedListener.adoptKept(spec, descriptor, backlog))
                .orElseGet(() -> bindAnew(spec, backlog, binding));
    }

    private static BoundSocket bindAnew(SocketSpec spec, int backlog, Binding binding) {
        if (spec.endpoint() instanceof Endpoint.Unix unix) {
            return UnixSocketFile.bind(spec, unix.path(), backlog, binding);
        }
        if (spec.endpoint() instanceof Endpoint.Inherited inherited) {
            return InheritedListener.adopt(spec, inherited, backlog);
        }
        return TcpSocket.bind(spec, (Endpoint.Tcp) spec.endpoint(), backlog, binding.reusePort());
    }
}
