package dev.supervisor.socket.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.nio.AbstractNioByteChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * The channel of a connection of a Unix socket. Netty's own, {@code NioDomainSocketChannel}, is final, and {@code
 * NioSocketChannel} refuses these sockets.
 *
 * <p>It is a {@link io.netty.channel.socket.SocketChannel}, since many applications initialize and configure nothing
 * else; options of TCP are ignored, and its addresses are {@link UnixAddress}es.
 */
final class UnixConnectionChannel extends AbstractNioByteChannel
        implements ConnectionChannel, io.netty.channel.socket.SocketChannel {

    private final OwnedConnection owned;
    private final ServerSocketChannel parent;
    private final SocketChannelConfig config;

    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;

    /** @throws io.netty.channel.ChannelException if the socket is broken */
    UnixConnectionChannel(
            ServerSocketChannel parent,
            java.nio.channels.SocketChannel socket,
            Function<ConnectionChannel, OwnedConnection> owned) {
        super(parent, socket);
        this.parent = parent;
        config = new UnixConnectionConfig(this, this::readPendingCleared);
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
    protected int doWriteBytes(ByteBuf buffer) throws Exception {
        return buffer.readBytes(javaChannel(), buffer.readableBytes());
    }

    @Override
    protected long doWriteFileRegion(FileRegion region) throws Exception {
        EncryptedTransport encrypted = owned.encrypted();
        return encrypted == null ? region.transferTo(javaChannel(), region.transferred()) : encrypted.transfer(region);
    }

    @Override
    protected boolean doConnect(SocketAddress remote, SocketAddress local) {
        throw new UnsupportedOperationException("it is connected");
    }

    @Override
    protected void doFinishConnect() {
        throw new UnsupportedOperationException("it is connected");
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("it is bound");
    }

    @Override
    protected void doDisconnect() throws Exception {
        doClose();
    }

    @Override
    protected void doClose() throws Exception {
        owned.close();
    }

    // Channel

    @Override
    public boolean isOpen() {
        return !owned.isGone() && super.isOpen();
    }

    @Override
    public boolean isActive() {
        return !owned.isGone() && javaChannel().isOpen() && javaChannel().isConnected();
    }

    @Override
    protected java.nio.channels.SocketChannel javaChannel() {
        return (java.nio.channels.SocketChannel) super.javaChannel();
    }

    @Override
    public ServerSocketChannel parent() {
        return parent;
    }

    @Override
    public SocketChannelConfig config() {
        return config;
    }

    @Override
    public InetSocketAddress localAddress() {
        return connection().proxiedServer().orElseGet(parent::localAddress);
    }

    /**
     * Returns the address of the listener, unless a proxy has told another one: a client of a Unix socket has none of its
     * own.
     */
    @Override
    public InetSocketAddress remoteAddress() {
        return connection().proxiedClient().orElseGet(parent::localAddress);
    }

    @Override
    protected SocketAddress localAddress0() {
        return localAddress();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remoteAddress();
    }

    // DuplexChannel

    @Override
    public boolean isInputShutdown() {
        return inputShutdown || !isActive();
    }

    @Override
    protected boolean isInputShutdown0() {
        return isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown || !isActive();
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return onLoop(promise, () -> {
            inputShutdown = true;
            return javaChannel().shutdownInput();
        });
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (eventLoop().inEventLoop()) {
            ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
        } else {
            eventLoop().execute(() -> ((AbstractUnsafe) unsafe()).shutdownOutput(promise));
        }
        return promise;
    }

    @Override
    protected void doShutdownOutput() throws IOException {
        outputShutdown = true;
        owned.connection().shutdownOutput();
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise
    public ChannelFuture shutdown(ChannelPromise promise) {
        shutdownOutput().addListener(done -> {
            if (done.isSuccess()) {
                shutdownInput(promise);
            } else {
                promise.setFailure(done.cause());
            }
        });
        return promise;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise
    private ChannelFuture onLoop(ChannelPromise promise, Callable<?> action) {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(() -> onLoop(promise, action));
            return promise;
        }
        try {
            action.call();
            return promise.setSuccess();
        } catch (Exception e) {
            return promise.setFailure(e);
        }
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
        unsafe().recvBufAllocHandle().attemptedBytesRead(buffer.writableBytes());
        return buffer.writeBytes(javaChannel(), buffer.writableBytes());
    }

    @Override
    public void writeSocket(ChannelOutboundBuffer buffer) throws Exception {
        super.doWrite(buffer);
    }

    @Override
    public void closeSocket() throws Exception {
        super.doClose();
        javaChannel().close();
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

    /** Does nothing: Unix sockets have no linger time. */
    @Override
    public void resetLinger() {}
}
