package dev.supervisor.socket.netty;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DefaultServerSocketChannelConfig;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannelConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;

/** Accepts every option of a listening socket and ignores it: the listening socket is the supervisor's. */
final class NoOpServerConfig extends DefaultServerSocketChannelConfig {

    NoOpServerConfig(ServerSocketChannel channel) {
        super(channel, unusedSocket());
    }

    /** Returns the socket that the superclass requires; it has no file descriptor as long as no option is set on it. */
    private static ServerSocket unusedSocket() {
        try {
            return new ServerSocket();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        super.setOption(option, value);
        return true;
    }

    @Override
    public boolean isReuseAddress() {
        return true;
    }

    @Override
    public ServerSocketChannelConfig setReuseAddress(boolean ignored) {
        return this;
    }

    @Override
    public int getReceiveBufferSize() {
        return 0;
    }

    @Override
    public ServerSocketChannelConfig setReceiveBufferSize(int ignored) {
        return this;
    }
}
