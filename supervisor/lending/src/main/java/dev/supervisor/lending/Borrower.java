package dev.supervisor.lending;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.Selector;
import java.util.Collection;
import java.util.Optional;

/** An application to which sockets are lent, as its channels see it. Methods may be called from any thread. */
public interface Borrower {

    /**
     * Returns what the application gets for a server channel that it binds: a lease, if the lender has a socket for this
     * address that the application does not serve yet; empty if the channel is to bind the address itself.
     *
     * @param address the address as the application gave it
     * @param backlog as the application gave it
     * @throws IOException if the address can't be bound
     */
    Optional<Lease> lease(BorrowedServer server, SocketAddress address, int backlog) throws IOException;

    /**
     * Returns how the server that binds this address gets its connections, if no socket is lent to it; empty if it is to bind
     * the address itself.
     *
     * @param backlog as the application gave it
     * @throws IOException if the address can't be bound
     */
    default Optional<Relay> relay(SocketAddress address, int backlog) throws IOException {
        return Optional.empty();
    }

    /** The application has bound this address by itself. */
    void boundItself(SocketAddress address);

    /** The application has opened a selector. */
    void opened(Selector selector);

    /** Returns the open selectors of the application. */
    Collection<Selector> selectors();
}
