package dev.supervisor.bench.tools;

import java.io.IOException;
import java.net.ServerSocket;

/** For those that can't say which port they have chosen themselves. */
public final class Ports {

    private Ports() {}

    /** That somebody else takes it meanwhile is not likely. */
    public static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
