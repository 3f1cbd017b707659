package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.socket.netty.PipelineCustomizer;
import dev.supervisor.web.RefreshServer;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes pages in browsers refresh themselves after the events of swaps, if the options ask for that. Thread-safe. */
public final class BrowserRefresh implements Consumer<Event>, AutoCloseable {

    private final Optional<RefreshServer> server;
    private final boolean injected;

    private BrowserRefresh(Optional<RefreshServer> server, boolean injected) {
        this.server = server;
        this.injected = injected;
    }

    /** @throws SupervisorException if its port can't be bound */
    public static BrowserRefresh start(Optional<SupervisorOptions.Refresh> options) {
        return new BrowserRefresh(
                options.map(refresh -> RefreshServer.start(refresh.port())),
                options.map(SupervisorOptions.Refresh::inject).orElse(false));
    }

    public Optional<Event> announcement() {
        return server.map(refresh -> new Event.Refreshing(refresh.script(), injected));
    }

    public PipelineCustomizer customizerFor(int generation) {
        return injected ? server.orElseThrow().injectionFor(generation) : PipelineCustomizer.none();
    }

    @Override
    public void accept(Event event) {
        if (event instanceof Event.Serving serving) {
            server.ifPresent(refresh -> refresh.serves(serving.generation(), serving.since()));
        } else if (event instanceof Event.Failed failed && isShown(failed.next())) {
            server.ifPresent(RefreshServer::failed);
        }
    }

    private static boolean isShown(Event.Failed.Next next) {
        return switch (next) {
            case WAITING, TRYING_AGAIN, AFTER_FORMER, AS_BEFORE -> true;
            case OLD_SERVES, BROUGHT_BACK, SUPERSEDED, ENDING -> false;
        };
    }

    @Override
    public void close() {
        server.ifPresent(RefreshServer::close);
    }
}
