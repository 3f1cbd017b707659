package dev.supervisor.socket.netty;

import dev.supervisor.socket.Connection;
import dev.supervisor.socket.http.HandoffState.Phase;
import io.netty.channel.Channel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The view of a channel that {@link Handoff} needs. All methods are called on its event loop. */
interface HandoffChannel extends Channel {

    Connection connection();

    /** Returns the phase of its generation. */
    Phase phase();

    /** Whether nothing has been read or written yet. */
    boolean isUntouched();

    /** Whether the first bytes passed a handler that may have kept some of them. */
    boolean hasBufferingHandler();

    /** Whether the future of a write may be notified at this moment. */
    boolean isWriting();

    /** Returns what follows the connection as a WebSocket; null if nothing does. */
    default @Nullable WebSocketHandler webSocket() {
        return null;
    }

    /** Whether its generation lets WebSockets move. */
    default boolean movesWebSockets() {
        return false;
    }

    /** Runs the task after the handlers that are running have returned. */
    void later(Runnable task);

    /** Closes the channel, and passes the connection to its next owner, which may use another event loop. */
    void letGo(Consumer<Connection> next);
}
