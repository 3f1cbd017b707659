package dev.supervisor.socket;

import dev.supervisor.Departure;

/**
 * Takes a connection back from its owner: implemented by the gate of the listener that accepted it. Methods may be
 * called from any thread.
 */
public interface ConnectionSink {

    /** Takes a connection and finds its next owner. */
    void offer(Connection connection);

    /** Closes a connection without losing the last bytes written to it. */
    void closeLingering(Connection connection);

    /** Counts the end of one connection. */
    void ended();

    /** Counts that a connection has left a backend that was replaced. */
    void departed(Departure how);
}
