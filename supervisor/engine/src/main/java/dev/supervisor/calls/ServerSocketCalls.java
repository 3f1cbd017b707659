package dev.supervisor.calls;

import dev.supervisor.lending.LendingServerSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Factories of server sockets that make them within the JDK: of the default one, programs get sockets that may be lent, and of
 * the one for TLS sockets to which connections are relayed.
 */
public final class ServerSocketCalls {

    private static final int USUAL_BACKLOG = 50;
    private static final Module JDK = Object.class.getModule(); // its TLS belongs to java.base

    private ServerSocketCalls() {}

    public static ServerSocket createServerSocket(ServerSocketFactory factory, Class<?> caller) throws IOException {
        return isDefault(factory) ? new LendingServerSocket() : factory.createServerSocket();
    }

    public static ServerSocket createServerSocket(ServerSocketFactory factory, int port, Class<?> caller)
            throws IOException {
        return createServerSocket(factory, port, USUAL_BACKLOG, caller);
    }

    public static ServerSocket createServerSocket(ServerSocketFactory factory, int port, int backlog, Class<?> caller)
            throws IOException {
        return createServerSocket(factory, port, backlog, null, caller);
    }

    public static ServerSocket createServerSocket(
            ServerSocketFactory factory, int port, int backlog, @Nullable InetAddress address, Class<?> caller)
            throws IOException {
        if (isDefault(factory)) {
            return new LendingServerSocket(port, backlog, address);
        }
        return isOfJdk(factory)
                ? RelayCalls.OfSockets.bound(factory.createServerSocket(), address, port, backlog, caller)
                : factory.createServerSocket(port, backlog, address);
    }

    private static boolean isDefault(ServerSocketFactory factory) {
        return factory == ServerSocketFactory.getDefault();
    }

    /** Its sockets are made and bound within the JDK. */
    private static boolean isOfJdk(ServerSocketFactory factory) {
        return factory instanceof SSLServerSocketFactory && factory.getClass().getModule() == JDK;
    }

    /** Calls of {@link SSLServerSocketFactory}. */
    public static final class OfTls {

        private OfTls() {}

        public static ServerSocket createServerSocket(SSLServerSocketFactory factory, int port, Class<?> caller)
                throws IOException {
            return ServerSocketCalls.createServerSocket(factory, port, caller);
        }

        public static ServerSocket createServerSocket(
                SSLServerSocketFactory factory, int port, int backlog, Class<?> caller) throws IOException {
            return ServerSocketCalls.createServerSocket(factory, port, backlog, caller);
        }

        public static ServerSocket createServerSocket(
                SSLServerSocketFactory factory, int port, int backlog, @Nullable InetAddress address, Class<?> caller)
                throws IOException {
            return ServerSocketCalls.createServerSocket(factory, port, backlog, address, caller);
        }
    }
}
