package dev.supervisor.socket.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SocketSpec;
import dev.supervisor.socket.Connection;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.Receiver;
import dev.supervisor.testing.Listeners;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection is like at the moment when its next owner is given it: nothing of the former one's is left. */
@Timeout(60)
final class LettingGoTest {

    private final Selectors selectors = new Selectors();

    /** Accepts, too, so that the next owner is given a connection while the former one lets it go. */
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory(selectors));

    private final ListeningSocket listener = Listeners.bind(SocketSpec.http(0), loop.next());
    private final Connections connections = new Connections(server -> {});
    private final CompletableFuture<Channel> served = new CompletableFuture<>();

    @AfterEach
    void end() {
        listener.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** The JDK's, but known to the test. */
    private static final class Selectors extends SelectorProvider {

        private final SelectorProvider jdks = SelectorProvider.provider();
        private @Nullable AbstractSelector last;

        @Override
        public AbstractSelector openSelector() throws IOException {
            AbstractSelector selector = jdks.openSelector();
            last = selector;
            return selector;
        }

        /** Whether events of this socket are reported. */
        boolean watch(SocketChannel socket) {
            SelectionKey key = socket.keyFor(last);
            return key != null && key.isValid();
        }

        @Override
        public DatagramChannel openDatagramChannel() throws IOException {
            return jdks.openDatagramChannel();
        }

        @Override
        public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
            return jdks.openDatagramChannel(family);
        }

        @Override
        public Pipe openPipe() throws IOException {
            return jdks.openPipe();
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() throws IOException {
            return jdks.openServerSocketChannel();
        }

        @Override
        public SocketChannel openSocketChannel() throws IOException {
            return jdks.openSocketChannel();
        }
    }

    /** Looks at the first connection that it is given. */
    private static final class Next implements Receiver {

        interface Look<T> {
            T at(SocketChannel socket) throws IOException;
        }

        private final CompletableFuture<Object> seen = new CompletableFuture<>();
        private final Look<?> look;

        Next(Look<?> look) {
            this.look = look;
        }

        @Override
        public void take(Connection connection) {
            try {
                seen.complete(look.at(connection.socket()));
            } catch (IOException e) {
                seen.completeExceptionally(e);
            }
            connection.end();
        }

        @Override
        public List<Connection> giveBack() {
            return List.of();
        }
    }

    private SupervisedServerChannel serve(int linger) {
        SupervisedServerChannel server = connections.open(listener);
        new ServerBootstrap()
                .group(loop)
                .channelFactory(() -> server)
                .childOption(ChannelOption.SO_LINGER, linger)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext context) {
                                served.complete(context.channel());
                            }
                        });
                    }
                })
                .bind(listener.address())
                .syncUninterruptibly();
        return server;
    }

    /** Moves a connection on which nothing has come yet to another owner, and returns what that sees. */
    private Object seenByTheNext(int linger, Next.Look<?> look) throws Exception {
        SupervisedServerChannel server = serve(linger);
        listener.gate().open(server).join();
        try (Socket client = connect()) {
            assertTrue(client.isConnected());
            served.join();
            Next next = new Next(look);
            connections.hold();
            listener.gate().open(next).join();
            connections.supersede().join();
            return next.seen.get();
        }
    }

    private Socket connect() throws IOException {
        return Listeners.connect(listener);
    }

    @Test
    void theFormerSelectorIsToldBeforeTheNextOwnerHasIt() throws Exception {
        assertEquals(false, seenByTheNext(-1, selectors::watch));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void theNextOwnerGetsItWithoutALingerThatTheApplicationHasSet(int seconds) throws Exception {
        assertEquals(-1, seenByTheNext(seconds, socket -> socket.getOption(StandardSocketOptions.SO_LINGER)));
    }
}
