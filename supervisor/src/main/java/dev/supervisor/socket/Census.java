package dev.supervisor.socket;

import java.util.HashSet;
import java.util.Set;

/** Knows the open connections of one listener, whoever has them at the moment. Thread-safe. */
final class Census {

    private final Set<Connection> open = new HashSet<>();
    private long accepted;
    private long ended;

    synchronized void accepted(Connection connection) {
        accepted++;
        open.add(connection);
    }

    /** Idempotent, since both a channel and whoever closes its socket from outside may see the end. */
    synchronized void ended(Connection connection) {
        if (open.remove(connection)) {
            ended++;
        }
    }

    synchronized Tally tally() {
        return new Tally(accepted, open.size(), ended);
    }
}
