package dev.supervisor.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Gives a receiver a real connection that has come to no listener: no gate has it, and no client's counter counts it. The
 * other side is in this process.
 */
public final class PrivateConnection {

    /** For the one connection, and for some that other processes might put in before it. */
    private static final int BACKLOG = 8;

    /** The side of this process. */
    public interface Client {
        /**
         * Connects to this address, and waits until that is done.
         *
         * @return the port of this side
         */
        int connect(InetSocketAddress address) throws IOException;
    }

    private PrivateConnection() {}

    /**
     * Connects a client to a receiver. Both sides are TCP on loopback, also if the receiver's listener is a Unix socket.
     *
     * @param sink told what becomes of the receiver's side
     * @throws IOException if there is no descriptor or port left
     */
    public static void open(Receiver receiver, Client client, ConnectionSink sink) throws IOException {
        try (ServerSocketChannel door = ServerSocketChannel.open()) {
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            int own = client.connect((InetSocketAddress) door.getLocalAddress());
            receiver.take(new Connection(accept(door, own), sink));
        }
    }

    /** Closes what any other process has connected to the port of the door in the meantime. */
    private static SocketChannel accept(ServerSocketChannel door, int own) throws IOException {
        while (true) {
            SocketChannel accepted = door.accept();
            if (((InetSocketAddress) accepted.getRemoteAddress()).getPort() == own) {
                return accepted;
            }
            accepted.close();
        }
    }
}
