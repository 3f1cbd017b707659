package dev.supervisor.socket;

/**
 * Takes a connection back from its owner: the gate of the listener that has accepted it. Methods may be called from any
 * thread.
 */
public interface ConnectionSink {

    /** Takes a connection whose next owner is to be found. */
    void offer(Connection connection);

    /** Closes a connection so that the last bytes written to it are not lost. */
    void seeOff(Connection connection);

    /** Counts the end of one connection. */
    void ended();
}
