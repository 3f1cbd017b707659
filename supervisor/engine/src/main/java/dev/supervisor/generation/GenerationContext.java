package dev.supervisor.generation;

import dev.supervisor.socket.netty.Connections;
import dev.supervisor.socket.netty.SupervisedServerChannel;
import dev.supervisor.spi.ApplicationContext;
import dev.supervisor.spi.Listener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;

/** The supervisor, as one generation sees it. */
final class GenerationContext implements ApplicationContext {

    private final int generation;
    private final List<Listener> listeners;
    private final Connections connections;
    private final EventLoopGroup loops;
    private final List<String> arguments;

    GenerationContext(
            int generation,
            List<dev.supervisor.socket.ListeningSocket> sockets,
            Connections connections,
            EventLoopGroup loops,
            List<String> arguments) {
        this.generation = generation;
        this.listeners = sockets.stream()
                .<Listener>map(socket -> new LentListener(socket, connections, loops))
                .toList();
        this.connections = connections;
        this.loops = loops;
        this.arguments = List.copyOf(arguments);
    }

    @Override
    public int generation() {
        return generation;
    }

    @Override
    public List<Listener> listeners() {
        return listeners;
    }

    @Override
    public Listener listener() {
        return listeners.get(0);
    }

    @Override
    public Listener listener(String name) {
        return listeners.stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no listener '" + name + "', only "
                        + listeners.stream().map(Listener::name).collect(Collectors.joining(", "))
                        + " (give the supervisor such a socket: " + name + "=http::PORT)"));
    }

    @Override
    public EventLoopGroup eventLoopGroup() {
        return loops;
    }

    @Override
    public List<String> arguments() {
        return arguments;
    }

    @Override
    public void handOff(Channel connection) {
        connections.handOff(connection);
    }

    private record LentListener(
            dev.supervisor.socket.ListeningSocket socket, Connections connections, EventLoopGroup loops)
            implements Listener {

        @Override
        public String name() {
            return socket.spec().name();
        }

        @Override
        public SocketAddress address() {
            return socket.address();
        }

        @Override
        public void serve(ChannelHandler childHandler) {
            new ServerBootstrap()
                    .group(socket.acceptLoop(), loops)
                    .channelFactory(this::open)
                    .childHandler(new OnItsLoop(childHandler))
                    .bind(address())
                    .syncUninterruptibly();
        }

        @Override
        public ServerChannel open() {
            SupervisedServerChannel channel = connections.open(socket);
            return channel;
        }
    }

    /**
     * Adds the application's handler to a connection on an event loop of the generation. Without it, the accept loop,
     * which is the supervisor's, would call the handler's {@code isSharable}.
     */
    @ChannelHandler.Sharable
    private static final class OnItsLoop extends ChannelInitializer<Channel> {

        private final ChannelHandler handler;

        OnItsLoop(ChannelHandler handler) {
            this.handler = handler;
        }

        @Override
        protected void initChannel(Channel connection) {
            connection.pipeline().addLast(handler);
        }
    }
}
