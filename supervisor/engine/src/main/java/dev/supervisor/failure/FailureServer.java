package dev.supervisor.failure;

import dev.supervisor.Problem;
import dev.supervisor.Protocol;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.netty.Connections;
import dev.supervisor.socket.netty.SupervisedServerChannel;
import io.netty.bootstrap.ServerBootstrap;
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
    private final FailureHandler.Shared shared;

    private FailureServer(FailureLoop loop, Supplier<Failure> failure, FailureDetails details) {
        this.loop = loop;
        this.shared = new FailureHandler.Shared(failure, details);
    }

    /** The same for a problem without details, which has nothing to do with the last good build. */
    public static FailureServer start(FailureLoop loop, List<ListeningSocket> listeners, Supplier<Problem> problem) {
        return start(
                loop, listeners, () -> new Failure(problem.get(), Optional.empty()), FailureDetails.WITHOUT_EDITOR);
    }

    /**
     * Serves the HTTP listeners among these; the others have no server in {@link #connections()}.
     *
     * @param loop on which it answers, as the failure servers before it did
     * @param failure asked for at each request, on the event loop
     * @param details for requests of this machine
     */
    public static FailureServer start(
            FailureLoop loop, List<ListeningSocket> listeners, Supplier<Failure> failure, FailureDetails details) {
        FailureServer server = new FailureServer(loop, failure, details);
        listeners.stream()
                .filter(listener -> listener.spec().protocol() == Protocol.HTTP)
                .forEach(server::serve);
        return server;
    }

    private void serve(ListeningSocket listener) {
        boolean loopback = listener.address().getAddress().isLoopbackAddress();
        SupervisedServerChannel channel = connections.open(listener);
        new ServerBootstrap()
                .group(loop.group())
                .channelFactory(() -> channel)
                .childHandler(new FailurePipeline(shared, loopback, connections::isDismissed))
                .bind(listener.address())
                .syncUninterruptibly();
    }

    /** The failure may be another now: pages that show a former one are told. From any thread. */
    public void failureChanged() {
        loop.group()
                .execute(() ->
                        shared.streams().outdateAllBut(shared.failure().get().id()));
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
