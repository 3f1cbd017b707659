package dev.supervisor.socket;

import java.util.function.Consumer;

/** Notices that peers leave while their connections wait at a gate. On the loop of the gate. */
@FunctionalInterface
public interface PeerWatch {

    /**
     * Begins to watch a connection, without a call of {@code onLeft} yet.
     *
     * @param onLeft given the connection when its peer has left without a request; the watch has ended then
     * @return ends the watch, and leaves the connection as the next owner wants it
     */
    Runnable begin(Connection connection, Consumer<Connection> onLeft);
}
