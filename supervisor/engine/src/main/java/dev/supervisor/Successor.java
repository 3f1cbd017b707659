package dev.supervisor;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.Optional;

/** The process that takes over from a supervisor. */
public interface Successor {

    /** Returns whether it has a listening socket of this name; connections of the others end here, as in a stop. */
    boolean has(String socket);

    /** Returns whether it can take what a proxy has told of a connection; connections with that end here otherwise. */
    boolean knowsProxies();

    /**
     * Sends an established connection there. Called by one thread, for one connection after another.
     *
     * @param socket the name of the listening socket that it belongs to
     * @param descriptor closed by the caller afterwards
     * @param unread the bytes that were read from it and not consumed
     * @param proxied what its proxy has told; empty for a connection without one
     * @throws IOException if the other process does not take it; the connection is closed then
     */
    void take(String socket, FileDescriptor descriptor, byte[] unread, Optional<ProxyProtocol.Addresses> proxied)
            throws IOException;
}
