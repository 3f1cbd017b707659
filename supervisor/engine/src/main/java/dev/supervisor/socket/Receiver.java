package dev.supervisor.socket;

import java.util.List;

/** Takes connections from a gate. Both methods may be called from any thread. */
public interface Receiver {

    /** Takes one, in order; it belongs to the receiver from now on. */
    void take(Connection connection);

    /** Gives back, in order, those that it has taken and not begun with. */
    List<Connection> giveBack();
}
