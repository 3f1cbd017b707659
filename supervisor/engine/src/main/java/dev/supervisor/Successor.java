package dev.supervisor;

import java.io.FileDescriptor;
import java.io.IOException;

/** The process that takes over from a supervisor. */
public interface Successor {

    /** Returns whether it has a listening socket of this name; connections of the others end here, as in a stop. */
    boolean has(String socket);

    /**
     * Sends an established connection there. Called by one thread, for one connection after another.
     *
     * @param socket the name of the listening socket that it belongs to
     * @param descriptor closed by the caller afterwards
     * @param unread the bytes that were read from it and not consumed
     * @throws IOException if the other process does not take it; the connection is closed then
     */
    void take(String socket, FileDescriptor descriptor, byte[] unread) throws IOException;
}
