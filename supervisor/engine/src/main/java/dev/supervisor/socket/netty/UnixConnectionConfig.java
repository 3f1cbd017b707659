package dev.supervisor.socket.netty;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DefaultSocketChannelConfig;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import java.net.Socket;

/** Accepts the options of TCP and ignores them; those of Netty itself have their effect. */
final class UnixConnectionConfig extends DefaultSocketChannelConfig {

    private static final int NO_LINGER = -1;

    private final Runnable onAutoReadCleared;

    UnixConnectionConfig(SocketChannel channel, Runnable onAutoReadCleared) {
        super(channel, new Socket()); // required; it has no file descriptor as long as no option is set on it
        this.onAutoReadCleared = onAutoReadCleared;
    }

    @Override
    protected void autoReadCleared() {
        onAutoReadCleared.run();
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        super.setOption(option, value);
        return true;
    }

    @Override
    public int getReceiveBufferSize() {
        return 0;
    }

    @Override
    public SocketChannelConfig setReceiveBufferSize(int ignored) {
        return this;
    }

    @Override
    public int getSendBufferSize() {
        return 0;
    }

    @Override
    public SocketChannelConfig setSendBufferSize(int ignored) {
        return this;
    }

    @Override
    public int getSoLinger() {
        return NO_LINGER;
    }

    @Override
    public SocketChannelConfig setSoLinger(int ignored) {
        return this;
    }

    @Override
    public int getTrafficClass() {
        return 0;
    }

    @Override
    public SocketChannelConfig setTrafficClass(int ignored) {
        return this;
    }

    @Override
    public boolean isKeepAlive() {
        return false;
    }

    @Override
    public SocketChannelConfig setKeepAlive(boolean ignored) {
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return false;
    }

    @Override
    public SocketChannelConfig setReuseAddress(boolean ignored) {
        return this;
    }

    @Override
    public boolean isTcpNoDelay() {
        return true;
    }

    @Override
    public SocketChannelConfig setTcpNoDelay(boolean ignored) {
        return this;
    }

    @Override
    public SocketChannelConfig setPerformancePreferences(int connectionTime, int latency, int bandwidth) {
        return this;
    }
}
