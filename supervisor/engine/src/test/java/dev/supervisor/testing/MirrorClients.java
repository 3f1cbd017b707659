package dev.supervisor.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** Many keep-alive connections that ask {@link Mirror} back to back, on two event loops. */
public final class MirrorClients implements AutoCloseable {

    private static final long TIMEOUT_SECONDS = 60;

    /** It is the other side whose leaks are looked for, and what that costs is to slow down that side alone. */
    private static final ByteBufAllocator UNTRACKED = new UnpooledByteBufAllocator(false, true);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final MirrorAnswers answers = new MirrorAnswers();
    private final Map<Channel, MirrorConnection> connections = new LinkedHashMap<>();

    private MirrorClients() {}

    /** Returns when all are connected and have begun to ask. */
    public static MirrorClients connect(int count, InetSocketAddress address, long seed) {
        return connect(count, address, seed, false);
    }

    /** The same by TLS, of both versions, whose records are cut anywhere. */
    public static MirrorClients connectByTls(int count, InetSocketAddress address, long seed) {
        return connect(count, address, seed, true);
    }

    private static MirrorClients connect(int count, InetSocketAddress address, long seed, boolean tls) {
        MirrorClients clients = new MirrorClients();
        List<ChannelFuture> connected = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            MirrorConnection connection = new MirrorConnection(number, seed, clients.answers, tls);
            ChannelFuture future = clients.connect(connection, address);
            clients.connections.put(future.channel(), connection);
            connected.add(future);
        }
        connected.forEach(ChannelFuture::syncUninterruptibly);
        clients.onEachLoop((channel, connection) -> connection.begin(channel));
        return clients;
    }

    private ChannelFuture connect(MirrorConnection connection, InetSocketAddress address) {
        return new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, UNTRACKED)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connection.addTo(channel);
                    }
                })
                .connect(address);
    }

    private void onEachLoop(BiConsumer<Channel, MirrorConnection> action) {
        connections.forEach(
                (channel, connection) -> channel.eventLoop().execute(() -> action.accept(channel, connection)));
    }

    public void assertNoneFailed() {
        assertEquals(List.of(), answers.failures());
    }

    /** Waits until this generation has answered on all connections. */
    public void awaitAnswersOf(int generation) throws InterruptedException {
        answers.awaitConnections(generation, connections.size(), TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
        assertNoneFailed();
    }

    /** On how many connections this generation has answered. */
    public int connectionsOf(int generation) {
        return answers.connectionsOf(generation);
    }

    public long sent() {
        return answers.sentSoFar();
    }

    public long received() {
        return answers.receivedSoFar();
    }

    /** Lets all get the answers that are outstanding, then ask once more; returns the builds that have answered that. */
    public List<Integer> finish() throws InterruptedException, ExecutionException, TimeoutException {
        connections.forEach((channel, connection) -> channel.eventLoop().execute(() -> connection.finish(channel)));
        List<Integer> versions = new ArrayList<>();
        for (MirrorConnection connection : connections.values()) {
            versions.add(connection.finished().get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
        }
        return versions;
    }

    /** How many have not been closed by the other side. */
    public long alive() {
        return connections.keySet().stream().filter(Channel::isActive).count();
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, TIMEOUT_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
