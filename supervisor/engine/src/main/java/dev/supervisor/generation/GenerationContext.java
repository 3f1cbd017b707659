package dev.supervisor.generation;

import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.ReceivingSocket;
import dev.supervisor.socket.Sockets;
import dev.supervisor.socket.netty.Connections;
import dev.supervisor.socket.netty.SupervisedServerChannel;
import dev.supervisor.spi.ApplicationContext;
import dev.supervisor.spi.DatagramListener;
import dev.supervisor.spi.Listener;
import dev.supervisor.spi.TlsSession;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The supervisor, as one generation sees it. */
final class GenerationContext implements ApplicationContext {

    private final int generation;
    private final List<Listener> listeners;
    private final List<DatagramListener> datagramListeners;
    private final Connections connections;
    private final EventLoopGroup loops;
    private final List<String> arguments;

    GenerationContext(
            int generation, Sockets sockets, Connections connections, EventLoopGroup loops, List<String> arguments) {
        this.generation = generation;
        this.listeners = sockets.listening().stream()
                .<Listener>map(socket -> new LentListener(socket, connections, loops))
                .toList();
        this.datagramListeners = sockets.receiving().stream()
                .<DatagramListener>map(socket -> new LentDatagramListener(socket, connections, loops))
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
        return listeners.stream()
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(
                        "there is no listener for connections (give the supervisor such a socket: http::PORT)"));
    }

    @Override
    public Listener listener(String name) {
        return named(listeners, Listener::name, name, "listener", "http");
    }

    @Override
    public List<DatagramListener> datagramListeners() {
        return datagramListeners;
    }

    @Override
    public DatagramListener datagramListener(String name) {
        return named(datagramListeners, DatagramListener::name, name, "datagram listener", "udp");
    }

    private static <T> T named(List<T> all, Function<T, String> nameOf, String name, String what, String type) {
        return all.stream()
                .filter(each -> nameOf.apply(each).equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no " + what + " '" + name + "'"
                        + (all.isEmpty()
                                ? ""
                                : ", only " + all.stream().map(nameOf).collect(Collectors.joining(", ")))
                        + " (give the supervisor such a socket: " + name + "=" + type + "::PORT)"));
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
        connections.handOff(connection, null);
    }

    @Override
    public void handOff(Channel connection, byte[] state) {
        if (state.length > LONGEST_STATE) {
            throw new IllegalArgumentException("can't hand off " + connection + " with a state of " + state.length
                    + " bytes: " + LONGEST_STATE + " at most");
        }
        connections.handOff(connection, state.clone());
    }

    @Override
    public Optional<byte[]> stateOf(Channel connection) {
        return connections.stateOf(connection);
    }

    @Override
    public Optional<TlsSession> tlsSession(Channel connection) {
        return connections.tlsSession(connection);
    }

    private record LentListener(ListeningSocket socket, Connections connections, EventLoopGroup loops)
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

    private record LentDatagramListener(ReceivingSocket socket, Connections connections, EventLoopGroup loops)
            implements DatagramListener {

        @Override
        public String name() {
            return socket.spec().name();
        }

        @Override
        public InetSocketAddress address() {
            return socket.address();
        }

        @Override
        public void serve(ChannelHandler handler) {
            new Bootstrap()
                    .group(loops)
                    .channelFactory(this::open)
                    .handler(handler)
                    .bind(address())
                    .syncUninterruptibly();
        }

        @Override
        public DatagramChannel open() {
            return connections.open(socket);
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
