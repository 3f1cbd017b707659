package dev.supervisor;

import dev.supervisor.failure.FailureLoop;
import dev.supervisor.failure.FailureServer;
import dev.supervisor.failure.Problem;
import dev.supervisor.socket.Listener;
import dev.supervisor.socket.SupervisedServerChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers HTTP connections that have waited for too long, until somebody is live: then they move on like any others.
 * Thread-safe.
 */
final class Expired {

    private final FailureLoop loop;
    private final List<Listener> listeners;
    private final Problem problem;

    private @Nullable FailureServer server;

    Expired(FailureLoop loop, List<Listener> listeners, Duration holdTimeout) {
        this.loop = loop;
        this.listeners = listeners;
        this.problem = Problem.of("no build was ready within " + holdTimeout.toMillis()
                + " ms (the transcript of the supervisor says why; --hold-timeout makes connections wait longer)");
    }

    /** Who takes the connections of a listener for HTTP. */
    synchronized SupervisedServerChannel serverOf(Listener listener) {
        if (server == null) {
            server = FailureServer.start(loop, listeners, () -> problem);
        }
        return server.connections().serverOf(listener).orElseThrow();
    }

    /** Whoever has answered so far, to be superseded. */
    synchronized Optional<FailureServer> release() {
        Optional<FailureServer> former = Optional.ofNullable(server);
        server = null;
        return former;
    }
}
