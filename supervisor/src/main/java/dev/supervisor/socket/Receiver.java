package dev.supervisor.socket;

import java.nio.channels.SocketChannel;
import java.util.List;

/** Takes sockets from a gate. Both methods may be called from any thread. */
interface Receiver {

    /** Takes one socket, in order; it belongs to the receiver from now on. */
    void take(SocketChannel socket);

    /** Gives back, in order, those that it has taken and not yet made a connection of. */
    List<SocketChannel> giveBack();
}
