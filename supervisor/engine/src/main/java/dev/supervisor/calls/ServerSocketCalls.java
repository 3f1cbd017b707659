package dev.supervisor.calls;

import dev.supervisor.lending.LendingServerSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** The default {@link ServerSocketFactory}, which makes its sockets within the JDK: programs get sockets that may be lent. */
public final class ServerSocketCalls {

    private ServerSocketCalls() {}

    public static ServerSocket createServerSocket(ServerSocketFactory factory, Class<?> caller) throws IOException {
        return isDefault(factory) ? new LendingServerSocket() : factory.createServerSocket();
    }

    public static ServerSocket createServerSocket(ServerSocketFactory factory, int port, Class<?> caller)
            throws IOException {
        return isDefault(factory) ? new LendingServerSocket(port) : factory.createServerSocket(port);
    }

    public static ServerSocket createServerSocket(ServerSocketFactory factory, int port, int backlog, Class<?> caller)
            throws IOException {
        return isDefault(factory) ? new LendingServerSocket(port, backlog) : factory.createServerSocket(port, backlog);
    }

    public static ServerSocket createServerSocket(
            ServerSocketFactory factory, int port, int backlog, @Nullable InetAddress address, Class<?> caller)
            throws IOException {
        return isDefault(factory)
                ? new LendingServerSocket(port, backlog, address)
                : factory.createServerSocket(port, backlog, address);
    }

    private static boolean isDefault(ServerSocketFactory factory) {
        return factory == ServerSocketFactory.getDefault();
    }
}
