package dev.supervisor.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One request of HTTP/1.1 to a control socket, whose answer ends with its connection. */
final class ControlClient implements AutoCloseable {

    /** Why a supervisor that runs can't be found. */
    static final String WHY_NOT_THERE =
            "--no-control lets nobody ask one, and a socket that was deleted is made anew within seconds";

    private static final int LONGEST_LINE = 8 << 10;

    private final SocketChannel channel;
    private final InputStream in;
    private final Map<String, String> headers = new HashMap<>();
    private volatile boolean late;

    private ControlClient(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedInputStream(Channels.newInputStream(channel));
    }

    /**
     * Sends a request, and reads the head of the answer.
     *
     * @param process the supervisor's, for messages
     * @param within how long the whole exchange may take; empty for as long as it takes
     */
    static ControlClient ask(
            Path socket, long process, String request, String accept, String body, Optional<Duration> within)
            throws ControlException {
        ControlClient client;
        try {
            client = new ControlClient(SocketChannel.open(StandardProtocolFamily.UNIX));
        } catch (IOException | UnsupportedOperationException e) {
            throw new ControlException(ExitCode.UNKNOWN, "this system has no Unix sockets: " + e.getMessage());
        }
        within.ifPresent(client::closeAfter);
        try {
            client.connect(socket, process);
            client.exchange(request, accept, body);
            return client;
        } catch (IOException e) {
            ControlException failure = client.failure(e, process);
            client.close();
            throw failure;
        }
    }

    private void closeAfter(Duration within) {
        Thread watch = new Thread(() -> {
            try {
                Thread.sleep(within.toMillis());
                late = true;
                close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        watch.setDaemon(true);
        watch.start();
    }

    private void connect(Path socket, long process) throws IOException, ControlException {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            if (late) {
                throw e;
            }
            boolean denied = e instanceof AccessDeniedException
                    || String.valueOf(e.getMessage()).contains("Permission denied");
            throw new ControlException(
                    denied ? ExitCode.UNKNOWN : ExitCode.NOT_RUNNING,
                    "process " + process + " can't be reached at " + socket + ": " + e.getMessage()
                            + whatToDo(process));
        }
    }

    private static String whatToDo(long process) {
        boolean isAlive = ProcessHandle.of(process).filter(Liveness::isAlive).isPresent();
        return isAlive ? " (is it a supervisor of this user? " + WHY_NOT_THERE + ")" : " (no such process runs)";
    }

    private void exchange(String request, String accept, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: " + accept + "\r\n"
                + (content.length == 0
                        ? "\r\n"
                        : "Content-Type: application/json\r\nContent-Length: " + content.length + "\r\n\r\n");
        write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        write(ByteBuffer.wrap(content));
        String status = line().orElseThrow(() -> new IOException("it has closed the connection without an answer"));
        if (!status.startsWith("HTTP/1.1 ")) {
            throw new IOException("it does not answer by HTTP/1.1");
        }
        for (String line = line().orElse(""); !line.isEmpty(); line = line().orElse("")) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Returns a header of the answer; an empty text if there is none. */
    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** Returns the next line; empty at the end. */
    private Optional<String> line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        for (; next >= 0 && next != '\n' && line.size() < LONGEST_LINE; next = in.read()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        return Optional.of(line.toString(StandardCharsets.UTF_8));
    }

    /** Returns the next line of the body; empty at the end. */
    Optional<String> nextLine(long process) throws ControlException {
        try {
            return line();
        } catch (IOException e) {
            throw failure(e, process);
        }
    }

    /** Returns all of the body. */
    byte[] body(long process) throws ControlException {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw failure(e, process);
        }
    }

    /** Writes the body to this stream as it comes, until its end, or until the stream fails: its pipe has been closed, say. */
    void copyBody(PrintStream out, long process) throws ControlException {
        byte[] buffer = new byte[LONGEST_LINE];
        try {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                out.write(buffer, 0, length);
                if (out.checkError()) { // flushes; a PrintStream throws nothing
                    return;
                }
            }
        } catch (IOException e) {
            throw failure(e, process);
        }
    }

    private ControlException failure(IOException e, long process) {
        return new ControlException(
                ExitCode.UNKNOWN,
                late
                        ? "process " + process + " has not answered in time"
                        : "process " + process + " has not answered: " + e.getMessage());
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            late = true; // nothing can be read from it in any case
        }
    }
}
