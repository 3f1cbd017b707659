package bench;

import java.io.IOException;
import java.net.ServerSocket;

/** For those that can't say which port they have chosen themselves. */
final class Ports {

    private Ports() {}

    /** That somebody else takes it meanwhile is not likely. */
    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
