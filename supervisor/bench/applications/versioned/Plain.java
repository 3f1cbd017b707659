package versioned;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The same application on plain Netty: {@code Plain PORT} binds the port by itself, {@code Plain fd:3} adopts a socket
 * that another process holds. With {@code graceful} as second argument it ends as well as it can when it is told to.
 * When it is ready it tells the process to end whose id is in {@code FORMER}, if there is one.
 */
public class Plain {

    /** Those that ask within it are told by their answer; those that don't are closed after it. */
    private static final long IDLE_MILLIS = 100;

    private static final long IN_FLIGHT_MILLIS = 5_000;

    private final Versioned application;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Channel server;

    private Plain(String socket) throws Exception {
        application = new Versioned();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .option(ChannelOption.SO_BACKLOG, 4096) // the supervisor's default
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.add(channel);
                        channel.pipeline().addLast(application);
                    }
                });
        ChannelFuture listening;
        if (socket.startsWith("fd:")) {
            int descriptor = Integer.parseInt(socket.substring("fd:".length()));
            listening = bootstrap
                    .channelFactory(() -> new EpollServerSocketChannel(descriptor))
                    .register();
        } else {
            listening = bootstrap.channel(EpollServerSocketChannel.class).bind("127.0.0.1", Integer.parseInt(socket));
        }
        server = listening.sync().channel();
    }

    public static void main(String[] args) throws Exception {
        Plain plain = new Plain(args[0]);
        String former = System.getenv().getOrDefault("FORMER", "");
        if (!former.isEmpty()) {
            ProcessHandle.of(Long.parseLong(former)).ifPresent(ProcessHandle::destroy);
        }
        if (args.length > 1) {
            Runtime.getRuntime().addShutdownHook(new Thread(plain::end));
        }
    }

    /** Accepts no more, finishes what is in flight, and ends the event loops: a JVM that waits in them ends slowly. */
    private void end() {
        server.close().syncUninterruptibly();
        application.finish();
        sleep(IDLE_MILLIS);
        for (Channel connection : connections) {
            connection.eventLoop().execute(() -> closeIfIdle(connection));
        }
        connections.newCloseFuture().awaitUninterruptibly(IN_FLIGHT_MILLIS);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static void closeIfIdle(Channel connection) {
        Versioned.Answering handler = connection.pipeline().get(Versioned.Answering.class);
        if (handler == null || !handler.answering()) {
            connection.close();
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
