package dev.supervisor.cli.upgrade;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.supervisor.SupervisorException;
import dev.supervisor.process.SupervisorThreads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
            LOG.debug("'supervisor upgrade' can't reach this process", e);
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
            } catch (IOException | OutOfMemoryError e) { // no descriptor, or no thread: the next request may find some
                LOG.warn("a request for an upgrade is refused: {}", e.toString());
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                PrintWriter out = new PrintWriter(Channels.newWriter(client, StandardCharsets.UTF_8), true)) {
            BufferedReader in = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
            Answer last = answer(in.readLine(), out);
            out.println(GSON.toJson(last));
            if (last.successor() != 0) {
                upgrade.end();
            }
        } catch (IOException e) {
            LOG.debug("a client of the control socket has left", e);
        }
    }

    private Answer answer(@Nullable String line, PrintWriter out) {
        try {
            Request request = GSON.fromJson(line, Request.class);
            if (request == null || request.launcher() == null || request.javaHome() == null) {
                return new Answer("this is no request for an upgrade", 0, true);
            }
            long successor = upgrade.run(
                    Path.of(request.launcher()),
                    Path.of(request.javaHome()),
                    request.arguments(),
                    step -> out.println(GSON.toJson(new Answer(step, 0, false))));
            return new Answer("process " + successor + " has taken over", successor, false);
        } catch (JsonParseException | SupervisorException | IllegalArgumentException e) {
            return new Answer(String.valueOf(e.getMessage()), 0, true);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(path);
    }
}
