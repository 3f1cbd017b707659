package dev.supervisor.cli.upgrade;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.supervisor.SupervisorException;
import dev.supervisor.process.SupervisorThreads;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix socket at which a running supervisor is asked for an upgrade: a line of JSON each way. It is in a directory that
 * only the user of this process can enter.
 */
public final class ControlSocket implements AutoCloseable {

    /** A request for an upgrade. */
    record Request(
            String launcher, String javaHome, @Nullable List<String> arguments) {}

    /**
     * A line of the answer.
     *
     * @param message a step, or the reason of a failure
     * @param successor the id of the successor's process, in the last line after a success; otherwise 0
     * @param failed in the last line after a failure
     */
    record Answer(String message, long successor, boolean failed) {}

    /** Makes an upgrade. */
    public interface Upgrade {

        /**
         * Returns the id of the successor's process.
         *
         * @param arguments of the successor; null for the ones of this process
         * @throws SupervisorException if there is no successor
         */
        long run(Path launcher, Path javaHome, @Nullable List<String> arguments, Consumer<String> progress);

        /** Ends this process, after an upgrade. */
        void end();
    }

    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final Gson GSON = new Gson();
    private static final int LONGEST_REQUEST = 1 << 20;
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final Path path;
    private final ServerSocketChannel server;
    private final Upgrade upgrade;

    private ControlSocket(Path path, ServerSocketChannel server, Upgrade upgrade) {
        this.path = path;
        this.server = server;
        this.upgrade = upgrade;
    }

    /**
     * Listens, on a thread of its own. If that is impossible, the supervisor can be upgraded by a signal only; this is
     * logged.
     *
     * @param environment of this process
     */
    public static AutoCloseable open(Map<String, String> environment, Upgrade upgrade) {
        try {
            RuntimeDirectory directory = RuntimeDirectory.of(environment);
            List<Long> unused = directory.processes(); // removes the sockets of the ones that were killed
            Path path = directory.control(ProcessHandle.current().pid());
            Files.deleteIfExists(path); // of a process that had the same id
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
            ControlSocket control = new ControlSocket(path, server, upgrade);
            SupervisorThreads.thread("supervisor-control", control::accept).start();
            return control;
        } catch (IOException | RuntimeException e) { // RuntimeException: a system without POSIX files
            LOG.info("'supervisor upgrade' can't reach this process: {}", e.toString());
            return () -> {};
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                SupervisorThreads.thread("supervisor-upgrade", () -> serve(client))
                        .start();
            } catch (ClosedChannelException e) {
                LOG.debug("the control socket is closed", e);
            } catch (IOException | OutOfMemoryError e) { // no descriptor, or no thread: later there may be some
                LOG.warn("can't take requests for an upgrade: {} (trying again every second)", e.toString());
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                PrintWriter out = new PrintWriter(Channels.newWriter(client, StandardCharsets.UTF_8), true)) {
            Answer last = answer(line(new BufferedInputStream(Channels.newInputStream(client))), out);
            out.println(GSON.toJson(last));
            if (last.successor() != 0) {
                upgrade.end();
            }
        } catch (IOException e) {
            LOG.debug("a client of the control socket has left", e);
        }
    }

    /** Returns the first line; a longer one than any request is cut off. */
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n' && line.size() < LONGEST_REQUEST; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static @Nullable Request parse(String line) {
        try {
            Request request = GSON.fromJson(line, Request.class);
            boolean isComplete = request != null
                    && request.launcher() != null
                    && request.javaHome() != null
                    && (request.arguments() == null || !request.arguments().contains(null));
            return isComplete ? request : null;
        } catch (JsonParseException e) {
            LOG.debug("no JSON", e);
            return null;
        }
    }

    private Answer answer(String line, PrintWriter out) {
        Request request = parse(line);
        if (request == null) {
            return new Answer("this is no request for an upgrade", 0, true);
        }
        try {
            long successor = upgrade.run(
                    Path.of(request.launcher()),
                    Path.of(request.javaHome()),
                    request.arguments(),
                    step -> out.println(GSON.toJson(new Answer(step, 0, false))));
            return new Answer("process " + successor + " has taken over", successor, false);
        } catch (SupervisorException | InvalidPathException e) {
            return new Answer(String.valueOf(e.getMessage()), 0, true);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }
}
