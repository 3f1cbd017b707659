package dev.supervisor.failure;

import dev.supervisor.socket.Connections;
import dev.supervisor.socket.Listener;
import dev.supervisor.socket.SocketSpec;
import dev.supervisor.socket.SupervisedServerChannel;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers HTTP while there is no application to do it. To the sockets it is a generation like others: connections move
 * to it from a build that failed, and on from it to the mended one.
 */
public final class FailureServer implements AutoCloseable {

    private final FailureLoop loop;
    private final Connections connections = new Connections(server -> {});

    private FailureServer(FailureLoop loop) {
        this.loop = loop;
    }

    /** The same without an editor, and for a problem that has nothing to do with the last good build. */
    public static FailureServer start(FailureLoop loop, List<Listener> listeners, Supplier<Problem> problem) {
        return start(loop, listeners, () -> new Failure(problem.get(), Optional.empty()), Optional.empty());
    }

    /**
     * Serves the HTTP listeners among these; the others have no server in {@link #connections()}.
     *
     * @param loop on which it answers; connections come from another one
     * @param failure asked for at each request, on the event loop
     * @param editor opens the places of the problem, if it is asked to by the page
     */
    public static FailureServer start(
            FailureLoop loop, List<Listener> listeners, Supplier<Failure> failure, Optional<Editor> editor) {
        FailureServer server = new FailureServer(loop);
        listeners.stream()
                .filter(listener -> listener.spec().type() == SocketSpec.Type.HTTP)
                .forEach(listener -> server.serve(listener, failure, editor));
        return server;
    }

    private void serve(Listener listener, Supplier<Failure> failure, Optional<Editor> editor) {
        boolean loopback = listener.address().getAddress().isLoopbackAddress();
        SupervisedServerChannel channel = connections.open(listener);
        new ServerBootstrap()
                .group(loop.group())
                .channelFactory(() -> channel)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection
                                .pipeline()
                                .addLast(new HttpServerCodec(), new FailureHandler(failure, editor, loopback));
                    }
                })
                .bind(listener.address())
                .syncUninterruptibly();
    }

    public Connections connections() {
        return connections;
    }

    @Override
    public void close() {
        connections.revoke();
        connections.endFromOutside();
    }
}
