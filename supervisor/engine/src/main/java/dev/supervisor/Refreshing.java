package dev.supervisor;

import dev.supervisor.refresh.RefreshServer;
import dev.supervisor.socket.Fitting;
import java.util.Optional;
import java.util.function.Consumer;

/** Has pages in browsers refresh themselves, if that is wanted, by what it hears of events. Thread-safe. */
final class Refreshing implements Consumer<Event>, AutoCloseable {

    private final Optional<RefreshServer> server;
    private final boolean injected;

    private Refreshing(Optional<RefreshServer> server, boolean injected) {
        this.server = server;
        this.injected = injected;
    }

    /** @throws SupervisorException if its port can't be bound */
    static Refreshing start(Optional<SupervisorOptions.Refresh> options) {
        return new Refreshing(
                options.map(refresh -> RefreshServer.start(refresh.port())),
                options.map(SupervisorOptions.Refresh::inject).orElse(false));
    }

    Optional<Event> announcement() {
        return server.map(refresh -> new Event.Refreshing(refresh.script(), injected));
    }

    Fitting fittingFor(int generation) {
        return injected ? server.orElseThrow().injectionFor(generation) : Fitting.none();
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
            case OLD_SERVES, SUPERSEDED -> false;
        };
    }

    @Override
    public void close() {
        server.ifPresent(RefreshServer::close);
    }
}
