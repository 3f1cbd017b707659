package dev.supervisor.admin;

import dev.supervisor.Status;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A supervisor under test, and the server of its status. */
final class Watched implements AutoCloseable {

    private final Running running;
    private final AdminServer server;

    private Watched(Running running, AdminServer server) {
        this.running = running;
        this.server = server;
    }

    static Watched of(Running running) {
        AdminServer server = AdminServer.open(
                new AdminOptions(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Set.of(), Optional.empty()),
                "1.2.3");
        server.show(List.of(new NamedSupervisor("shop", running.supervisor())));
        return new Watched(running, server);
    }

    Running running() {
        return running;
    }

    InetSocketAddress address() {
        return server.address();
    }

    Client.Answer get(String path) throws IOException {
        return Client.get(server.address(), path);
    }

    Status status() {
        return running.supervisor().status();
    }

    Status.Socket socket() {
        return status().sockets().get(0);
    }

    /** Returns what a scrape has, by name and labels as they stand there. */
    Map<String, Double> metrics() throws IOException {
        Map<String, Double> values = new HashMap<>();
        get("/metrics").body().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int blank = line.lastIndexOf(' ');
            values.put(line.substring(0, blank), Double.valueOf(line.substring(blank + 1)));
        });
        return values;
    }

    @Override
    public void close() {
        server.close();
        running.close();
    }
}
