package dev.supervisor.load;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The event loops of the clients: epoll on Linux, whose timers are exact to some microseconds, NIO elsewhere. */
final class Transport {

    private final EventLoopGroup group;
    private final List<EventLoop> loops = new ArrayList<>();

    Transport(int threads) {
        IoHandlerFactory factory = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("load", true), factory);
        for (int i = 0; i < threads; i++) {
            loops.add(group.next());
        }
    }

    List<EventLoop> loops() {
        return loops;
    }

    /** Returns a new channel without a timeout for connecting: the timeout of the request includes that. */
    Channel channel() {
        Channel channel = Epoll.isAvailable() ? new EpollSocketChannel() : new NioSocketChannel();
        channel.config().setConnectTimeoutMillis(0);
        return channel;
    }

    /** Closes all channels and ends the loops. Returns false if a loop is stuck; its thread keeps no JVM alive. */
    boolean close() {
        return group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
