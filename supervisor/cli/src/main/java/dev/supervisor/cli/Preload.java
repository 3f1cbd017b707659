package dev.supervisor.cli;

import dev.supervisor.generation.Warmup;
import java.util.List;

/**
 * Loads and initializes, on a processor of its own, what a start needs as soon as the command line has been read. It is over before
 * the supervisor is started: two threads that initialize classes of Netty in different orders could wait for each other for ever.
 */
final class Preload {

    private static final List<String> NEXT = List.of(
            "io.netty.channel.MultiThreadIoEventLoopGroup",
            "io.netty.channel.nio.NioIoHandler",
            "io.netty.channel.socket.nio.NioServerSocketChannel");

    private static final Thread THREAD = new Thread(Preload::run, "supervisor-preload");

    private Preload() {}

    /** To be called once, at the start of the process. */
    static void begin() {
        THREAD.setDaemon(true);
        THREAD.start();
    }

    private static void run() {
        Warmup.initializeNetty();
        for (String name : NEXT) {
            try {
                Class.forName(name, true, Preload.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                return; // the start will tell
            }
        }
    }

    /** Waits until it is over, if it has begun. */
    static void await() {
        boolean interrupted = false;
        while (THREAD.isAlive()) {
            try {
                THREAD.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
