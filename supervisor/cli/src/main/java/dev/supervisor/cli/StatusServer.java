package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.admin.AdminOptions;
import dev.supervisor.admin.AdminServer;
import dev.supervisor.client.VersionText;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The server of {@code --admin}, or none. */
final class StatusServer implements AutoCloseable {

    private final Optional<AdminServer> server;
    private final AtomicBoolean closed;

    private StatusServer(Optional<AdminServer> server, AtomicBoolean closed) {
        this.server = server;
        this.closed = closed;
    }

    /**
     * Binds the address.
     *
     * @param replaces whether this process takes over from another one, which may have the address until it ends
     * @throws SupervisorException if it can't be bound
     */
    static StatusServer open(Optional<AdminOptions> options, boolean replaces) {
        AtomicBoolean closed = new AtomicBoolean();
        String version = VersionText.number();
        return new StatusServer(
                options.map(given -> replaces
                        ? AdminServer.openSoon(given, version, () -> !closed.get())
                        : AdminServer.open(given, version)),
                closed);
    }

    /** Shows these applications from now on, and says where. */
    void show(ApplicationRuns applications, Transcript transcript) {
        server.ifPresent(showing -> {
            showing.show(applications.named());
            transcript.printNote("~> " + showing.url() + "  (the status)");
        });
    }

    /** Returns the address of the page; empty if there is none. */
    Optional<String> url() {
        return server.map(AdminServer::url);
    }

    /** Gives the address up. Idempotent. */
    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            server.ifPresent(AdminServer::close);
        }
    }
}
