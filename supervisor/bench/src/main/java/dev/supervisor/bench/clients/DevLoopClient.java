package dev.supervisor.bench.clients;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A developer's client: after a save it asks on a keep-alive connection, and again {@value #PAUSE_MILLIS} ms after each
 * answer, until that is the new one. It counts all else. Belongs to one thread.
 */
public final class DevLoopClient implements Closeable {

    /** How long it waits before it asks again. */
    public static final int PAUSE_MILLIS = 2;

    private final int port;
    private final String path;
    private @Nullable HttpConnection connection;
    private int stale;
    private int closed;
    private int failed;

    public DevLoopClient(int port, String path) {
        this.port = port;
        this.path = path;
    }

    /**
     * Waits for an answer that contains a text, and returns when it came, by {@link System#nanoTime}.
     *
     * @param isAlive whether the server runs; an answer of one that has ended is not waited for
     */
    public long awaitAnswer(String text, Duration atMost, BooleanSupplier isAlive)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            Optional<HttpConnection.Answer> answer = ask();
            long now = System.nanoTime();
            if (answer.isPresent() && answer.get().body().contains(text)) {
                return now;
            }
            if (now > deadline || !isAlive.getAsBoolean()) {
                throw new IllegalStateException("no answer with '" + text + "', but "
                        + answer.map(other -> other.status() + " " + other.body())
                                .orElse("none"));
            }
            if (answer.isPresent() && answer.get().status() == 200) {
                stale++;
            } else {
                failed++;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private Optional<HttpConnection.Answer> ask() throws IOException {
        if (connection != null && connection.isClosedByServer()) {
            closed++;
            drop();
        }
        try {
            HttpConnection open = connection == null ? HttpConnection.open(port) : connection;
            connection = open;
            HttpConnection.Answer answer = open.ask(path);
            if (answer.isLast()) {
                drop();
            }
            return Optional.of(answer);
        } catch (IOException e) {
            if (connection != null) {
                closed++;
                drop();
            }
            return Optional.empty();
        }
    }

    private void drop() throws IOException {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    /** Returns how many answers were those of a former build. */
    public int stale() {
        return stale;
    }

    /** Returns how many connections the server has closed without saying so in the answer before. */
    public int closed() {
        return closed;
    }

    /** Returns how many requests had no answer, or another one than 200. */
    public int failed() {
        return failed;
    }

    /** Begins to count anew. */
    public void forget() {
        stale = 0;
        closed = 0;
        failed = 0;
    }

    @Override
    public void close() throws IOException {
        drop();
    }
}
