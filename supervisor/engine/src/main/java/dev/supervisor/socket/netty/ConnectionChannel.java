package dev.supervisor.socket.netty;

import dev.supervisor.socket.Connection;
import dev.supervisor.socket.http.HandoffState.Phase;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The channel of a connection, as one generation sees it. Netty's requests go to its {@link OwnedConnection}, which
 * decides, and calls the operations here for what the transport does. All methods are called on its event loop.
 */
interface ConnectionChannel extends HandoffChannel {

    OwnedConnection owned();

    void registerSocket(ChannelPromise promise);

    void beginReadSocket() throws Exception;

    /** Reads as if the selector had reported bytes. */
    void readNow();

    /** Called when a read ends before the socket was asked. */
    void readPendingCleared();

    /** Returns how many bytes were read; -1 at the end of the stream. */
    int readSocket(ByteBuf buffer) throws Exception;

    void writeSocket(ChannelOutboundBuffer buffer) throws Exception;

    void closeSocket() throws Exception;

    // What a transport needs that writes to the socket itself

    /** Writes the first message of the buffer by {@code doWriteBytes} or {@code doWriteFileRegion}; see Netty. */
    int writeCurrent(ChannelOutboundBuffer buffer) throws Exception;

    /** Everything is written: the selector need not tell when the socket takes more. */
    void writeComplete();

    /** @param full whether the socket takes nothing more; otherwise others have their turn first */
    void writeIncomplete(boolean full);

    /** Writes what was flushed before, if nothing waits for the selector. */
    void forceFlush();

    void deregisterKey() throws Exception;

    /** With a linger time Netty would close the channel on another executor; the next owner sets its own. */
    void resetLinger();

    // HandoffChannel

    @Override
    default Connection connection() {
        return owned().connection();
    }

    @Override
    default Phase phase() {
        return owned().phase();
    }

    @Override
    default boolean isUntouched() {
        return owned().isUntouched();
    }

    @Override
    default boolean hasBufferingHandler() {
        return owned().hasBufferingHandler();
    }

    @Override
    default boolean isWriting() {
        return owned().isWriting();
    }

    @Override
    default @Nullable WebSocketHandler webSocket() {
        return owned().webSocket();
    }

    @Override
    default boolean movesWebSockets() {
        return owned().movesWebSockets();
    }

    @Override
    default void later(Runnable task) {
        eventLoop().execute(task);
    }

    @Override
    default void letGo(Consumer<Connection> next) {
        owned().letGo(next);
    }
}
