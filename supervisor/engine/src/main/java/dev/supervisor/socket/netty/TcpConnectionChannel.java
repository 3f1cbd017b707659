package dev.supervisor.socket.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channel of a TCP connection. */
final class TcpConnectionChannel extends NioSocketChannel implements ConnectionChannel {

    private static final Logger LOG = LoggerFactory.getLogger(TcpConnectionChannel.class);

    private final OwnedConnection owned;

    /** @throws ChannelException if the socket is broken */
    TcpConnectionChannel(Channel parent, SocketChannel socket, Function<ConnectionChannel, OwnedConnection> owned) {
        super(parent, socket);
        this.owned = owned.apply(this);
    }

    @Override
    public OwnedConnection owned() {
        return owned;
    }

    // Called by Netty

    @Override
    protected void doRegister(ChannelPromise promise) {
        owned.register(promise);
    }

    @Override
    protected void doBeginRead() throws Exception {
        owned.beginRead();
    }

    @Override
    protected int doReadBytes(ByteBuf buffer) throws Exception {
        return owned.read(buffer);
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer buffer) throws Exception {
        owned.write(buffer);
    }

    @Override
    protected long doWriteFileRegion(FileRegion region) throws Exception {
        EncryptedTransport encrypted = owned.encrypted();
        return encrypted == null ? super.doWriteFileRegion(region) : encrypted.transfer(region);
    }

    /** On the loop only: what another thread has written before it is still in a task of the loop. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(() -> shutdownOutput(promise));
            return promise;
        }
        owned.closeTls();
        return super.shutdownOutput(promise);
    }

    @Override
    protected void doClose() throws Exception {
        owned.close();
    }

    @Override
    public boolean isOpen() {
        return !owned.isGone() && super.isOpen();
    }

    @Override
    public boolean isActive() {
        return !owned.isGone() && super.isActive();
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return connection().proxiedClient().map(SocketAddress.class::cast).orElseGet(super::remoteAddress0);
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return connection().proxiedServer().map(SocketAddress.class::cast).orElseGet(super::localAddress0);
    }

    // The transport, called by OwnedConnection

    @Override
    public void registerSocket(ChannelPromise promise) {
        super.doRegister(promise);
    }

    @Override
    public void beginReadSocket() throws Exception {
        super.doBeginRead();
    }

    @Override
    public void readNow() {
        unsafe().read();
    }

    @Override
    public void readPendingCleared() {
        clearReadPending();
    }

    @Override
    public int readSocket(ByteBuf buffer) throws Exception {
        return super.doReadBytes(buffer);
    }

    @Override
    public void writeSocket(ChannelOutboundBuffer buffer) throws Exception {
        super.doWrite(buffer);
    }

    @Override
    public void closeSocket() throws Exception {
        super.doClose();
    }

    @Override
    public int writeCurrent(ChannelOutboundBuffer buffer) throws Exception {
        return doWrite0(buffer);
    }

    @Override
    public void writeComplete() {
        clearOpWrite();
    }

    @Override
    public void writeIncomplete(boolean full) {
        incompleteWrite(full);
    }

    @Override
    public void forceFlush() {
        unsafe().forceFlush();
    }

    @Override
    public void deregisterKey() throws Exception {
        doDeregister();
    }

    @Override
    public void resetLinger() {
        try {
            if (config().getSoLinger() >= 0) {
                config().setSoLinger(-1);
            }
        } catch (ChannelException e) { // the peer has reset the connection; the next owner will see it
            LOG.debug("can't reset SO_LINGER of {}", this, e);
        }
    }
}
