package dev.supervisor.calls;

import dev.supervisor.socket.lent.Borrowers;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;

/**
 * Tomcat ends the thread that accepts by a connection to its own port, which is the next generation's by then: it gets one to
 * itself.
 */
public final class SocketCalls {

    private static final String TOMCAT = "org.apache.tomcat.util.net.";

    private SocketCalls() {}

    public static void connect(Socket socket, SocketAddress address, int millis, Class<?> caller) throws IOException {
        if (!caller.getName().startsWith(TOMCAT)
                || !Borrowers.connectToItself(caller.getClassLoader(), socket, address)) {
            socket.connect(address, millis);
        }
    }
}
