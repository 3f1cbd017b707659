package dev.supervisor.web;

import dev.supervisor.OptionKey;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.socket.EventLoops;
import dev.supervisor.socket.netty.PipelineCustomizer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;

/**
 * Tells pages in browsers which build is live, by a stream of events on an address of its own. Its connections are
 * independent of the supervisor's listeners, and so of swaps. Thread-safe.
 */
public final class RefreshServer implements AutoCloseable {

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("supervisor-refresh", true), NioIoHandler.newFactory());

    /** Part of each version: an open page may have come from an earlier supervisor. */
    private final String launch = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);

    private final EventStreams streams = new EventStreams(loop.next());
    private final Channel server;
    private int failures;

    private RefreshServer(int port) {
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection.pipeline().addLast(RequestHeads.codec(), new RefreshHandler(streams));
                    }
                })
                .bind(SocketSpec.LOOPBACK, port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            close();
            throw new SupervisorException(
                    "can't bind " + SocketSpec.LOOPBACK + ":" + port + " for " + OptionKey.REFRESH + ": "
                            + String.valueOf(bound.cause().getMessage()).toLowerCase(Locale.ROOT)
                            + " (use another " + OptionKey.REFRESH_PORT + ", 0 picks a free one)",
                    bound.cause());
        }
        server = bound.channel();
    }

    /**
     * Starts to listen on loopback.
     *
     * @param port 0 picks a free one
     * @throws SupervisorException if the address can't be bound
     */
    public static RefreshServer start(int port) {
        return new RefreshServer(port);
    }

    /** Returns the URL of the script that a page must include to be refreshed. */
    public URI script() {
        InetSocketAddress address = (InetSocketAddress) server.localAddress();
        return URI.create("http://" + SocketSpec.LOOPBACK + ":" + address.getPort() + RefreshHandler.SCRIPT_PATH);
    }

    /**
     * Publishes the live generation: pages of another version refresh themselves.
     *
     * @param since pages that began to load before this instant are of another version
     */
    public void serves(int generation, Instant since) {
        streams.publish(new EventStreams.Live(versionOf(generation), since));
    }

    /** Publishes that no application serves any more. */
    public synchronized void failed() {
        failures++;
        streams.publish(new EventStreams.Live(launch + "-failure-" + failures, Instant.now()));
    }

    private String versionOf(int generation) {
        return launch + "-" + generation;
    }

    /** Returns a customizer that adds the script to the pages of a generation. */
    public PipelineCustomizer injectionFor(int generation) {
        return ScriptInjection.customizer(
                "<script async src=\"" + script() + "\" data-version=\"" + versionOf(generation) + "\"></script>");
    }

    /** Closes all streams. */
    @Override
    public void close() {
        EventLoops.end(loop);
    }
}
