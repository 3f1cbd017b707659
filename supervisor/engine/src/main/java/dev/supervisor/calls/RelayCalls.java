package dev.supervisor.calls;

import dev.supervisor.lending.LendingServerSocket;
import dev.supervisor.lending.Relay;
import dev.supervisor.socket.lent.Borrowers;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * Servers of a program that bind an address. Where no socket can be lent to them, connections are relayed to them: to all if
 * lending does not work, else to those of {@link SSLServerSocket} only.
 */
public final class RelayCalls {

    private static final int USUAL_BACKLOG = 50;

    private RelayCalls() {}

    /** Binds a server. */
    interface Binding {

        /** @return the address that was bound */
        @Nullable
        SocketAddress bind(@Nullable SocketAddress address) throws IOException;
    }

    static void bind(Class<?> caller, @Nullable SocketAddress address, int backlog, Closeable server, Binding binding)
            throws IOException {
        Optional<Relay> relay =
                Borrowers.relay(caller.getClassLoader(), address, backlog, !(server instanceof SSLServerSocket));
        SocketAddress actual =
                binding.bind(relay.isEmpty() ? address : relay.get().address());
        if (relay.isPresent() && actual instanceof InetSocketAddress bound) {
            relay.get().begin(bound, server);
        }
    }

    /** Calls of {@link ServerSocketChannel}. */
    public static final class OfChannels {

        private OfChannels() {}

        public static ServerSocketChannel bind(
                ServerSocketChannel channel, @Nullable SocketAddress address, Class<?> caller) throws IOException {
            return bind(channel, address, 0, caller);
        }

        public static ServerSocketChannel bind(
                ServerSocketChannel channel, @Nullable SocketAddress address, int backlog, Class<?> caller)
                throws IOException {
            RelayCalls.bind(caller, address, backlog, channel, actual -> bound(channel.bind(actual, backlog)));
            return channel;
        }
    }

    /** Calls of {@link AsynchronousServerSocketChannel}. */
    public static final class OfAsynchronousChannels {

        private OfAsynchronousChannels() {}

        public static AsynchronousServerSocketChannel bind(
                AsynchronousServerSocketChannel channel, @Nullable SocketAddress address, Class<?> caller)
                throws IOException {
            return bind(channel, address, 0, caller);
        }

        public static AsynchronousServerSocketChannel bind(
                AsynchronousServerSocketChannel channel, @Nullable SocketAddress address, int backlog, Class<?> caller)
                throws IOException {
            RelayCalls.bind(caller, address, backlog, channel, actual -> bound(channel.bind(actual, backlog)));
            return channel;
        }
    }

    private static @Nullable SocketAddress bound(NetworkChannel channel) throws IOException {
        return channel.getLocalAddress();
    }

    /** Calls of {@link ServerSocket}. */
    public static final class OfSockets {

        private OfSockets() {}

        public static void bind(ServerSocket socket, @Nullable SocketAddress address, Class<?> caller)
                throws IOException {
            bind(socket, address, USUAL_BACKLOG, caller);
        }

        public static void bind(ServerSocket socket, @Nullable SocketAddress address, int backlog, Class<?> caller)
                throws IOException {
            if (socket instanceof LendingServerSocket) {
                socket.bind(address, backlog); // asks by itself
            } else {
                bindOther(socket, address, backlog, caller);
            }
        }

        static void bindOther(ServerSocket socket, @Nullable SocketAddress address, int backlog, Class<?> caller)
                throws IOException {
            RelayCalls.bind(caller, address, backlog, socket, actual -> {
                socket.bind(actual, backlog);
                return socket.getLocalSocketAddress();
            });
        }

        /** Binds a socket that a factory has made without an address. */
        static ServerSocket bound(
                ServerSocket socket, @Nullable InetAddress address, int port, int backlog, Class<?> caller)
                throws IOException {
            try {
                bindOther(socket, new InetSocketAddress(address, port), backlog, caller);
                return socket;
            } catch (IOException | RuntimeException e) {
                socket.close();
                throw e;
            }
        }
    }

    /** Calls of {@link SSLServerSocket}. */
    public static final class OfTlsSockets {

        private OfTlsSockets() {}

        public static void bind(SSLServerSocket socket, @Nullable SocketAddress address, Class<?> caller)
                throws IOException {
            OfSockets.bind(socket, address, caller);
        }

        public static void bind(SSLServerSocket socket, @Nullable SocketAddress address, int backlog, Class<?> caller)
                throws IOException {
            OfSockets.bind(socket, address, backlog, caller);
        }
    }
}
