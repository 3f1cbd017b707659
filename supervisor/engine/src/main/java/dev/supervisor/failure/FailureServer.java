package dev.supervisor.failure;

import dev.supervisor.Problem;
import dev.supervisor.socket.ChangeBarrier;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.netty.Connections;
import dev.supervisor.socket.netty.PipelineCustomizer;
import dev.supervisor.socket.netty.SupervisedServerChannel;
import io.netty.bootstrap.ServerBootstrap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The failure page's server, which answers HTTP while no application serves. To gates it is a backend like a
 * generation: connections move to it from a failed build, and from it to the mended one.
 */
public final class FailureServer implements AutoCloseable {

    private final FailureLoop loop;
    private final Connections connections;
    private final FailureHandler.Shared shared;

    private FailureServer(FailureLoop loop, Supplier<Failure> failure, FailureDetails details, ChangeBarrier barrier) {
        this.loop = loop;
        this.connections = new Connections(server -> {}, PipelineCustomizer.none(), barrier);
        this.shared = new FailureHandler.Shared(failure, details);
    }

    /** Starts a server for a problem that has nothing to do with the last good build. */
    public static FailureServer start(FailureLoop loop, List<ListeningSocket> listeners, Supplier<Problem> problem) {
        return start(
                loop,
                listeners,
                () -> new Failure(problem.get(), Optional.empty()),
                FailureDetails.WITHOUT_EDITOR,
                ChangeBarrier.NONE);
    }

    /**
     * Starts a server for the HTTP listeners among these. Other listeners have no server channel in {@link
     * #connections()}.
     *
     * @param loop the event loop, which earlier failure servers have used too
     * @param failure called for each request, on the event loop
     * @param details the details for requests from this machine
     * @param barrier is passed before a request is answered
     */
    public static FailureServer start(
            FailureLoop loop,
            List<ListeningSocket> listeners,
            Supplier<Failure> failure,
            FailureDetails details,
            ChangeBarrier barrier) {
        FailureServer server = new FailureServer(loop, failure, details, barrier);
        listeners.stream().filter(listener -> listener.isHttp()).forEach(server::serve);
        return server;
    }

    private void serve(ListeningSocket listener) {
        SupervisedServerChannel channel = connections.open(listener);
        new ServerBootstrap()
                .group(loop.group())
                .channelFactory(() -> channel)
                .childHandler(new FailurePipeline(shared, listener.isLocal(), connections::isDismissed))
                .bind(listener.address())
                .syncUninterruptibly();
    }

    /**
     * Ends the event streams of pages that show another failure than the current one. Called when the failure may have
     * changed, on any thread.
     */
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
