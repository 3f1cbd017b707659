package dev.supervisor.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The file descriptors of this JVM that belong to sockets and to what waits for them, by kind; none where there is no
 * {@code /proc}. Others come and go with classes that are loaded.
 */
public record Descriptors(Map<String, Integer> counts) {

    private static final Path OWN = Path.of("/proc/self/fd");
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long TURN_MILLIS = 50;

    public static Descriptors now() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        if (Files.isDirectory(OWN)) {
            try (var links = Files.newDirectoryStream(OWN)) {
                for (Path link : links) {
                    count(link, counts);
                }
            }
        }
        return new Descriptors(Map.copyOf(counts));
    }

    private static void count(Path link, Map<String, Integer> counts) {
        try {
            String target = Files.readSymbolicLink(link).toString();
            if (target.startsWith("socket:") || target.startsWith("anon_inode:")) {
                counts.merge(target.replaceAll("^socket:.*", "socket"), 1, Integer::sum);
            }
        } catch (IOException e) {
            // closed meanwhile, as that of this directory
        }
    }

    /** The same after the JDK has opened what it opens once: a socket that stands for those that are being closed. */
    public static Descriptors atFirst() throws IOException {
        try (ServerSocket server = new ServerSocket(0);
                Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            socket.setTcpNoDelay(true);
        }
        return now();
    }

    /** Waits until there are no more than these; what has ended closes its own soon after. */
    public void awaitAgain() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        for (Descriptors now = now(); now.isMoreThan(this); now = now()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("descriptors are left open: " + now + " instead of " + this);
            }
            TimeUnit.MILLISECONDS.sleep(TURN_MILLIS);
        }
    }

    private boolean isMoreThan(Descriptors before) {
        return counts.entrySet().stream()
                .anyMatch(entry -> entry.getValue() > before.counts.getOrDefault(entry.getKey(), 0));
    }
}
