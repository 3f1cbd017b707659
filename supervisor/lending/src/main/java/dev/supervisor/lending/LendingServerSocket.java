package dev.supervisor.lending;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an application that borrows sockets has for {@code new ServerSocket(…)}: bound to an address for which the {@link
 * Borrower} has a {@link Lease}, it accepts the connections of the lease; bound to any other, it is the JDK's, at the address of
 * a {@link Relay} if the borrower has one.
 */
public class LendingServerSocket extends ServerSocket {

    private static final int USUAL_BACKLOG = 50;
    private static final int GREATEST_PORT = 0xffff;

    private volatile @Nullable ServerSocket lent;

    private volatile @Nullable Relay relay;

    /** The lender has taken back the socket whose connections were relayed to this one. */
    private volatile boolean revoked;

    private final VainAccepts inVain = new VainAccepts();

    public LendingServerSocket() throws IOException {
        super();
    }

    public LendingServerSocket(int port) throws IOException {
        this(port, USUAL_BACKLOG, null);
    }

    public LendingServerSocket(int port, int backlog) throws IOException {
        this(port, backlog, null);
    }

    @SuppressWarnings("this-escape") // as in the JDK's class, which binds here, too
    public LendingServerSocket(int port, int backlog, @Nullable InetAddress address) throws IOException {
        super();
        if (port < 0 || port > GREATEST_PORT) {
            throw new IllegalArgumentException("Port value out of range: " + port);
        }
        try {
            bind(new InetSocketAddress(address, port), backlog);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** For subclasses with an implementation of their own. */
    protected LendingServerSocket(SocketImpl implementation) {
        super(implementation);
    }

    @Override
    public void bind(@Nullable SocketAddress address) throws IOException {
        bind(address, USUAL_BACKLOG);
    }

    @Override
    public void bind(@Nullable SocketAddress address, int backlog) throws IOException {
        if (lent != null) {
            throw new SocketException("Already bound");
        }
        Optional<ServerSocketChannel> channel =
                isClosed() || isBound() || address == null ? Optional.empty() : LendingProvider.lease(address, backlog);
        if (channel.isEmpty()) {
            bindItself(address, backlog);
            return;
        }
        ServerSocket socket = channel.get().socket();
        socket.setSoTimeout(getSoTimeout());
        lent = socket;
    }

    private void bindItself(@Nullable SocketAddress address, int backlog) throws IOException {
        Optional<Relay> found =
                isClosed() || isBound() || address == null ? Optional.empty() : LendingProvider.relay(address, backlog);
        super.bind(found.isEmpty() ? address : found.get().address(), backlog);
        if (found.isPresent() && super.getLocalSocketAddress() instanceof InetSocketAddress actual) {
            found.get().begin(actual, this::revoke);
            relay = found.get();
        }
    }

    private void revoke() throws IOException {
        revoked = true;
        super.close();
    }

    @Override
    public Socket accept() throws IOException {
        if (revoked) {
            inVain.accept();
        }
        ServerSocket socket = lent;
        return socket == null ? super.accept() : socket.accept();
    }

    @Override
    public void close() throws IOException {
        ServerSocket socket = lent;
        if (socket != null) {
            socket.close();
        }
        super.close();
        Relay relayed = relay;
        if (relayed != null) {
            relayed.end();
        }
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        super.setSoTimeout(millis);
        ServerSocket socket = lent;
        if (socket != null) {
            socket.setSoTimeout(millis);
        }
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        ServerSocket socket = lent;
        return socket == null ? super.getInetAddress() : socket.getInetAddress();
    }

    @Override
    public int getLocalPort() {
        ServerSocket socket = lent;
        return socket == null ? super.getLocalPort() : socket.getLocalPort();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        ServerSocket socket = lent;
        return socket == null ? super.getLocalSocketAddress() : socket.getLocalSocketAddress();
    }

    @Override
    public boolean isClosed() {
        ServerSocket socket = lent;
        return super.isClosed() || (socket != null && socket.isClosed());
    }

    @Override
    public boolean isBound() {
        return lent != null || super.isBound();
    }

    @Override
    public String toString() {
        ServerSocket socket = lent;
        return socket == null ? super.toString() : socket.toString();
    }
}
