package dev.supervisor.socket;

import java.util.function.Consumer;

/** Notices peers that leave while their connections wait at a gate. Used on the gate's loop only. */
@FunctionalInterface
public interface PeerWatch {

    /**
     * Begins to watch a connection. Does not call {@code onLeft} before it returns.
     *
     * @param onLeft given the connection when its peer has left without a request; the watch has ended by then
     * @return ends the watch, and leaves the connection ready for its next owner
     */
    Runnable begin(Connection connection, Consumer<Connection> onLeft);
}
