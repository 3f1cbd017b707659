package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.spi.Listener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The application on a socket of the test's own, which a supervisor would own otherwise. */
final class DemoServer implements Listener, AutoCloseable {

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    void start() throws IOException {
        new DemoApplication().start(new DemoContext(7, loops, this));
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void serve(ChannelHandler childHandler) {
        Channel server = new ServerBootstrap()
                .group(loops)
                .channelFactory(this::open)
                .handler(new Accepted())
                .childHandler(childHandler)
                .bind(address)
                .syncUninterruptibly()
                .channel();
        address = (InetSocketAddress) server.localAddress();
    }

    @Override
    public ServerChannel open() {
        return new NioServerSocketChannel();
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(15_000);
        return socket;
    }

    /** Waits until all connections that there are have been closed by the server. */
    void awaitNoConnections(Duration atMost) {
        assertTrue(connections.newCloseFuture().awaitUninterruptibly(atMost.toMillis()), "connections: " + connections);
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Accepted extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object connection) {
            connections.add((Channel) connection);
            ctx.fireChannelRead(connection);
        }
    }
}
