package dev.supervisor.lending;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * How a server gets the connections of an address at which no socket can be lent to it: it binds another address, to which the
 * lender relays them.
 */
public interface Relay {

    /** Returns the address that the server binds instead: of the loopback interface, with any port. */
    InetSocketAddress address();

    /**
     * Begins to relay: the server listens.
     *
     * @param server the address that it has bound
     * @param closing closes the server, when the lender takes the socket back
     */
    void begin(InetSocketAddress server, Closeable closing) throws IOException;

    /** Ends the relay for new connections: the server has been closed. Otherwise the first one that is refused tells. */
    void end();
}
