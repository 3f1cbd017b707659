package dev.supervisor.bench.tools;

import java.io.IOException;
import java.net.ServerSocket;

/** Ports for servers that can't choose one themselves and print it. */
public final class Ports {

    private Ports() {}

    /** Returns a free port. Another process may take it before it is used, but that is unlikely. */
    public static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
