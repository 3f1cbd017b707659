package dev.supervisor.cli.archive;

import dev.supervisor.spi.Application;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One run of the supervisor, in which the JVM notes the classes that it needs: from the start to the first answer, and to the
 * end.
 */
final class TrainingRun {

    private static final List<String> CLASSES =
            List.of("TrainingApplication", "TrainingApplication$1", "TrainingApplication$Answer");

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int PATIENCE_MILLIS = 180_000;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);

    private final int port;
    private final Path build;

    private TrainingRun(int port, Path build) {
        this.port = port;
        this.build = build;
    }

    /**
     * Prepares a run on a free port of this machine.
     *
     * @param directory empty; the application comes there
     */
    static TrainingRun in(Path directory) throws IOException {
        for (String name : CLASSES) {
            String path = TrainingRun.class.getPackageName().replace('.', '/') + "/" + name + ".class";
            Path target = directory.resolve(path);
            Files.createDirectories(target.getParent());
            try (InputStream source = TrainingRun.class.getClassLoader().getResourceAsStream(path)) {
                if (source == null) {
                    throw new IllegalStateException("there is no class " + path);
                }
                Files.copy(source, target);
            }
        }
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(Application.class.getName()), TrainingApplication.class.getName());
        return new TrainingRun(freePort(), directory);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns the arguments with which the supervisor is to be started. */
    List<String> arguments() {
        return List.of("--port", Integer.toString(port), "--app", build.toString());
    }

    /** Asks the application once it listens, and returns whether it has answered. */
    boolean isAnswered(Process process) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (process.isAlive() && System.nanoTime() - deadline < 0) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.getOutputStream()
                        .write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                return answer.startsWith("HTTP/1.1 200 ");
            } catch (IOException e) { // it does not listen yet
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return false;
    }
}
