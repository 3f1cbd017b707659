package dev.supervisor.swap;

import dev.supervisor.OptionKey;
import dev.supervisor.Problem;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.failure.FailureLoop;
import dev.supervisor.failure.FailureServer;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.Server;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers HTTP connections that have waited for too long. They move on like any others when a backend is live.
 * Thread-safe.
 */
final class HoldTimeoutPage {

    private final FailureLoop loop;
    private final List<ListeningSocket> listeners;
    private final Problem problem;

    private @Nullable FailureServer server;

    HoldTimeoutPage(FailureLoop loop, List<ListeningSocket> listeners, SupervisorOptions options) {
        this.loop = loop;
        this.listeners = listeners;
        this.problem = Problem.of(options.render("no build was ready within "
                + options.timeouts().hold().toMillis()
                + " ms (the transcript of the supervisor says why; " + OptionKey.HOLD_TIMEOUT
                + " makes connections wait longer)"));
    }

    /** Returns the receiver of connections of a listener for HTTP that have waited for too long. */
    synchronized Server serverOf(ListeningSocket listener) {
        if (server == null) {
            server = FailureServer.start(loop, listeners, () -> problem);
        }
        return server.connections().serverOf(listener).orElseThrow();
    }

    /** Returns the server that has answered so far, which is to be superseded; empty if none has. */
    synchronized Optional<FailureServer> release() {
        Optional<FailureServer> former = Optional.ofNullable(server);
        server = null;
        return former;
    }
}
