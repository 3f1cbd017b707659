package dev.supervisor.cli;

import com.google.gson.JsonObject;
import dev.supervisor.Event;
import dev.supervisor.SupervisorException;
import dev.supervisor.text.IoReason;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Writes events as JSON, one object a line, on a thread of its own: a stalled reader delays nothing else. Events that
 * find the queue full are dropped, and counted in a line of their own. Thread-safe.
 */
final class EventLog implements AutoCloseable {

    private static final String FORM = "json";
    private static final String FILE = FORM + ":";
    private static final int MOST_WAITING = 10_000;
    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(2);

    private final PrintStream out;
    private final PrintQueue queue;

    private EventLog(OutputStream out) {
        this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
        this.queue = new PrintQueue(MOST_WAITING, this::printDropped, PATIENCE_AT_THE_END);
    }

    /**
     * Opens a log.
     *
     * @param destination {@code json} for standard output, or {@code json:FILE}
     * @throws SupervisorException if the destination is neither, or the file can't be written
     */
    static EventLog open(String destination) {
        if (destination.equals(FORM)) {
            return new EventLog(new FileOutputStream(FileDescriptor.out));
        }
        check(destination);
        String file = fileOf(destination).orElseThrow();
        try {
            return new EventLog(
                    Files.newOutputStream(Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (InvalidPathException e) {
            throw new SupervisorException("can't write events to '" + file + "': " + e.getReason(), e);
        } catch (IOException e) {
            String reason = e instanceof NoSuchFileException
                    ? "there is no directory '" + Path.of(file).toAbsolutePath().getParent() + "' (make it first)"
                    : IoReason.of(e);
            throw new SupervisorException("can't write events to '" + file + "': " + reason, e);
        }
    }

    /** @throws SupervisorException if the destination has neither of the forms */
    static void check(String destination) {
        if (!destination.equals(FORM) && fileOf(destination).isEmpty()) {
            throw new SupervisorException("--events is '" + destination + "', which is neither json nor json:FILE");
        }
    }

    /** Returns the file of a destination; empty if it is standard output, or none. */
    static Optional<String> fileOf(String destination) {
        return destination.startsWith(FILE) && destination.length() > FILE.length()
                ? Optional.of(destination.substring(FILE.length()))
                : Optional.empty();
    }

    /** Returns the destination of a file. */
    static String to(Path file) {
        return FILE + file;
    }

    /** @param application its name if there are several */
    void accept(Optional<String> application, Event event) {
        Instant time = Instant.now();
        queue.offer(() -> out.println(EventJson.of(application, event, time)));
    }

    private void printDropped(int count) {
        JsonObject dropped = new JsonObject();
        dropped.addProperty("time", Instant.now().toString());
        dropped.addProperty("event", "dropped");
        dropped.addProperty("count", count);
        out.println(dropped);
    }

    /** Writes the queued events, for at most {@link #PATIENCE_AT_THE_END}. */
    @Override
    public void close() {
        queue.close();
    }
}
