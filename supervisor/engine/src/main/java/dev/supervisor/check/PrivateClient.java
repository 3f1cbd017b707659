package dev.supervisor.check;

import dev.supervisor.Departure;
import dev.supervisor.socket.Connection;
import dev.supervisor.socket.ConnectionSink;
import dev.supervisor.socket.EventLoops;
import dev.supervisor.socket.PrivateConnection;
import dev.supervisor.socket.Server;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The side of the supervisor of connections to the servers of one generation, which no gate is open to yet. Has one event loop,
 * {@code supervisor-check}. Thread-safe.
 */
final class PrivateClient implements AutoCloseable {

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("supervisor-check", true), NioIoHandler.newFactory());

    /** The servers that were given a connection. Guarded by this. */
    private final Set<Server> asked = new LinkedHashSet<>();

    /** Connections that the application has not closed on its side. Guarded by this. */
    private int open;

    /** Guarded by this. */
    private boolean closed;

    EventLoop loop() {
        return group.next();
    }

    /**
     * Connects to a server.
     *
     * @param handlers of the pipeline, the first first
     * @throws IOException if there is no descriptor or port left
     */
    Channel connect(Server server, List<? extends ChannelHandler> handlers) throws IOException {
        SocketChannel socket = SocketChannel.open();
        try {
            PrivateConnection.open(server, address -> connect(socket, address), new Sink(server));
        } catch (IOException | RuntimeException | Error e) {
            socket.close();
            throw e;
        }
        NioSocketChannel channel = new NioSocketChannel(socket);
        channel.pipeline().addLast(handlers.toArray(ChannelHandler[]::new));
        group.register(channel).addListener(registered -> {
            if (!registered.isSuccess()) {
                channel.unsafe().closeForcibly();
            }
        });
        return channel;
    }

    private static int connect(SocketChannel socket, InetSocketAddress address) throws IOException {
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.connect(address);
        return ((InetSocketAddress) socket.getLocalAddress()).getPort();
    }

    /** Waits until the application has closed its side of all connections, whose other sides are closed, but not for long. */
    synchronized void awaitEnds(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        long left = millis;
        while (open > 0 && left > 0) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }

    /** Closes all, and takes back what the application has not accepted: it would go to the gate when the server ends. */
    @Override
    public void close() {
        EventLoops.end(group);
        for (Connection left : takeBack()) {
            left.end();
        }
    }

    private synchronized List<Connection> takeBack() {
        closed = true;
        List<Connection> left = new ArrayList<>();
        asked.forEach(server -> left.addAll(server.giveBack()));
        return left;
    }

    /** What becomes of the application's side of one connection. */
    private final class Sink implements ConnectionSink {

        private final Server server;

        Sink(Server server) {
            this.server = server;
            synchronized (PrivateClient.this) {
                asked.add(server);
                open++;
            }
        }

        /** The application was not ready for it: some frameworks accept before they can serve. */
        @Override
        public void offer(Connection connection) {
            synchronized (PrivateClient.this) {
                if (!closed) {
                    server.take(connection);
                    return;
                }
            }
            connection.end();
        }

        @Override
        public void closeLingering(Connection connection) {
            connection.end();
        }

        @Override
        public void departed(Departure how) {}

        @Override
        public void ended() {
            synchronized (PrivateClient.this) {
                open--;
                PrivateClient.this.notifyAll();
            }
        }
    }
}
