package dev.supervisor.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port that can be bound again and again. It lies below the ports that systems give to whoever asks for any: one of
 * those could go to a client or server of another test, in another process, whenever it is free.
 */
public final class FreePort {

    private static final int FIRST = 20_000;
    private static final int END = 30_000;
    private static final int TRIES = 100;

    private FreePort() {}

    public static int find() throws IOException {
        for (int i = 1; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no free port between " + FIRST + " and " + END);
    }

    private static boolean isFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(port));
            return true;
        } catch (BindException e) {
            return false;
        }
    }
}
