package dev.supervisor.socket;

import java.util.List;

/** Takes connections from a gate. Methods may be called from any thread. */
public interface Receiver {

    /** Takes a connection, in order; from now on it belongs to the receiver. */
    void take(Connection connection);

    /** Returns, in order, the connections that it has taken but not begun with. */
    List<Connection> giveBack();
}
