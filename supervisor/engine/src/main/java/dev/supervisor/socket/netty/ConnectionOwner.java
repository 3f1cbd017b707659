package dev.supervisor.socket.netty;

import dev.supervisor.Departure;
import dev.supervisor.socket.http.HandoffState.Phase;
import io.netty.channel.ChannelPipeline;
import java.util.function.Supplier;

/** The generation that owns a connection, as the connection sees it. Methods may be called from any thread. */
interface ConnectionOwner {

    Phase phase();

    /** Whether the generation does no new work. Read for each read and write of each connection. */
    boolean isQuiescing();

    /** Waits until all changes up to now are known: {@link #isQuiescing} tells of them then. */
    void passBarrier();

    /** Whether connections leave as soon as they can. */
    boolean isLeaving();

    /** Whether connections leave for another process, so that those with keys of TLS have to end. */
    boolean leavesProcess();

    /** Whether connections end with their next response, since the supervisor stops soon. */
    boolean endsWithResponses();

    /** Whether WebSockets move to the next generation, which is one of this process. */
    boolean movesWebSockets();

    /** Customizes the pipeline of an HTTP connection, and returns whether that is done for good. */
    boolean customize(ChannelPipeline pipeline);

    /** A connection has been read from for the first time. */
    void asked();

    /** A connection has been written to for the first time. */
    void answered();

    /**
     * Counts how a connection left, and removes it then: a loop that sees that none is open finds all in the ledger.
     *
     * @param how asked only for the first caller
     * @return true to exactly one caller, which must then dispose of the connection. Callers race: the event loop that
     *     closes the channel, and {@code reclaim} and {@code endFromOutside}, which do not wait for a stuck loop.
     */
    boolean left(OwnedConnection connection, Supplier<Departure> how);
}
