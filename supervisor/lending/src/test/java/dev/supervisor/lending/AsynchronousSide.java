package dev.supervisor.lending;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One of two asynchronous server channels on which the same is done: lent, or the JDK's. */
final class AsynchronousSide implements Closeable {

    static final long PATIENCE_SECONDS = 30;

    final AsynchronousServerSocketChannel server;
    final boolean isLent;
    private final SelfTestLender lender = new SelfTestLender();
    private final List<SocketChannel> peers = new ArrayList<>();
    private final List<AsynchronousSocketChannel> accepted = new ArrayList<>();
    private @Nullable LentServerChannel lentServer;

    private AsynchronousSide(boolean isLent, @Nullable AsynchronousChannelGroup group) throws IOException {
        this.isLent = isLent;
        server = isLent
                ? LentAsynchronousServerChannel.openFor(
                        LoopbackBorrower.PROVIDER, new Noting(lender, channel -> lentServer = channel), group)
                : AsynchronousServerSocketChannel.open(group);
    }

    static AsynchronousSide lent(@Nullable AsynchronousChannelGroup group) throws IOException {
        return new AsynchronousSide(true, group);
    }

    static AsynchronousSide real(@Nullable AsynchronousChannelGroup group) throws IOException {
        return new AsynchronousSide(false, group);
    }

    AsynchronousSide bound() throws IOException {
        server.bind(ServerSide.address());
        return this;
    }

    SelfTestLender lender() {
        return lender;
    }

    LentServerChannel lentServer() {
        return java.util.Objects.requireNonNull(lentServer);
    }

    SocketChannel connect() throws IOException {
        SocketChannel peer = isLent
                ? lender.connect(lentServer())
                : SocketChannel.open((InetSocketAddress) server.getLocalAddress());
        peers.add(peer);
        return peer;
    }

    AsynchronousSocketChannel accept() throws Exception {
        AsynchronousSocketChannel channel = server.accept().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        accepted.add(channel);
        return channel;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (AsynchronousSocketChannel channel : accepted) {
            channel.close();
        }
        for (SocketChannel peer : peers) {
            peer.close();
        }
        lender.close();
    }
}
