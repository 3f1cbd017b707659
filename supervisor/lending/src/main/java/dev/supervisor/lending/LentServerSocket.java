package dev.supervisor.lending;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The view of a {@link LentServerChannel} as a {@link ServerSocket}. */
final class LentServerSocket extends ServerSocket {

    private static final int USUAL_BACKLOG = 50;

    private final LentServerChannel channel;
    private volatile int timeout;

    private LentServerSocket(LentServerChannel channel) throws IOException {
        this.channel = channel;
    }

    static LentServerSocket of(LentServerChannel channel) {
        try {
            return new LentServerSocket(channel);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void ensureOpen() throws SocketException {
        if (!channel.isOpen()) {
            throw new SocketException("Socket is closed");
        }
    }

    private static SocketException translated(Exception e, @Nullable String message) {
        return (SocketException) new SocketException(message).initCause(e);
    }

    private static SocketException socketException(IOException e) {
        return e instanceof SocketException already
                ? already
                : translated(e, e instanceof ClosedChannelException ? "Socket is closed" : e.getMessage());
    }

    @Override
    public void bind(@Nullable SocketAddress address) throws IOException {
        bind(address, USUAL_BACKLOG);
    }

    @Override
    public void bind(@Nullable SocketAddress address, int backlog) throws IOException {
        try {
            channel.bind(address == null ? new InetSocketAddress(0) : address, backlog);
        } catch (AlreadyBoundException e) {
            throw translated(e, "Already bound");
        } catch (UnsupportedAddressTypeException e) {
            throw translated(e, "Unsupported address type");
        } catch (UnresolvedAddressException e) {
            throw translated(e, "Unresolved address");
        }
    }

    @Override
    public Socket accept() throws IOException {
        try {
            int millis = timeout;
            SocketChannel accepted = millis > 0 ? channel.acceptWithin(millis) : channel.accept();
            if (accepted == null) {
                throw new IllegalBlockingModeException();
            }
            return accepted.socket();
        } catch (NotYetBoundException e) {
            throw translated(e, "Socket is not bound yet");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public ServerSocketChannel getChannel() {
        return channel;
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        return channel.local() instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }

    @Override
    public int getLocalPort() {
        return channel.local() instanceof InetSocketAddress inet ? inet.getPort() : -1;
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return channel.local();
    }

    @Override
    public boolean isBound() {
        return channel.local() != null;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        ensureOpen();
        if (millis < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        timeout = millis;
    }

    @Override
    public int getSoTimeout() throws IOException {
        ensureOpen();
        return timeout;
    }

    private <T> void set(SocketOption<T> option, T value) throws SocketException {
        try {
            channel.setOption(option, value);
        } catch (IOException e) {
            throw socketException(e);
        }
    }

    private <T> T get(SocketOption<T> option) throws SocketException {
        try {
            return channel.getOption(option);
        } catch (IOException e) {
            throw socketException(e);
        }
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("size cannot be 0 or negative");
        }
        set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public <T> ServerSocket setOption(SocketOption<T> name, T value) throws IOException {
        channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    @Override
    public String toString() {
        return isBound()
                ? "ServerSocket[addr=" + getInetAddress() + ",localport=" + getLocalPort() + "]"
                : "ServerSocket[unbound]";
    }
}
