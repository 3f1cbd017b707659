package dev.supervisor.socket;

import dev.supervisor.Departure;
import dev.supervisor.SocketSpec;
import dev.supervisor.Status.Waits;
import dev.supervisor.Tally;
import java.io.FileDescriptor;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Optional;

/** A bound socket that the supervisor owns for its whole life: for connections, or for datagrams. */
public sealed interface SupervisedSocket extends AutoCloseable permits ListeningSocket, ReceivingSocket {

    SocketSpec spec();

    /**
     * Returns the address that clients use: an {@link java.net.InetSocketAddress}, or a {@link
     * java.net.UnixDomainSocketAddress}.
     */
    SocketAddress address();

    /** Returns the counts of its connections so far. */
    Tally tally();

    /** Returns the counts of its connections that wait, or have waited, for a build. */
    default Waits waits() {
        return Waits.NONE;
    }

    /** Returns how many of its connections have left a backend that was replaced, in which way. */
    default Map<Departure, Long> left() {
        return Map.of();
    }

    /** Returns how many of its connections were closed since their proxies had not sent a good header. */
    default long refusedHeaders() {
        return 0;
    }

    /**
     * Returns the descriptor for another process that goes on with the socket when this one has closed it. Returns it once,
     * and nothing if another process has it already.
     *
     * @throws dev.supervisor.SupervisorException if this JVM does not tell it
     */
    Optional<FileDescriptor> share();

    /** Returns whether another process goes on with the socket when this one has closed it. */
    boolean isShared();

    /** No other process has the socket any more. */
    void own();

    /** Returns the descriptor for another process, without consequences here. */
    FileDescriptor descriptor();

    /** Begins to take new work. */
    void begin();

    /** Stops taking new work, which another process takes from now on. Established connections are not touched. */
    void leave();

    /** Stops taking new work. Idempotent. */
    @Override
    void close();
}
