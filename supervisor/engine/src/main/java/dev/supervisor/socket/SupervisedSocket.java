package dev.supervisor.socket;

import dev.supervisor.SocketSpec;
import dev.supervisor.Tally;
import java.net.SocketAddress;

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

    /** Stops taking new work. Idempotent. */
    @Override
    void close();
}
