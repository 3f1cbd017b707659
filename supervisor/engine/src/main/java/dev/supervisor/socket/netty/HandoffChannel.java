package dev.supervisor.socket.netty;

import dev.supervisor.socket.Connection;
import dev.supervisor.socket.netty.HandoffState.Phase;
import io.netty.channel.Channel;
import java.util.function.Consumer;

/** What {@link Handoff} needs of a channel. All on its event loop. */
interface HandoffChannel extends Channel {

    Connection connection();

    /** Of its generation. */
    Phase phase();

    /** Nothing has been read or written yet. */
    boolean isUntouched();

    /** Its first bytes have passed a handler that may have kept some of them. */
    boolean isTied();

    /** The future of a write may be told at this moment. */
    boolean isWriting();

    /** Does this when the handlers have returned that are running. */
    void later(Runnable task);

    /** Closes the channel, and passes the connection on to its next owner, on whatever event loop. */
    void letGo(Consumer<Connection> next);
}
