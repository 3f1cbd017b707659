package dev.supervisor.load;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * The way in which clients send requests.
 *
 * @param connections the number of clients, each with one connection at a time
 * @param pipeline how many requests a connection may have under way
 * @param rate requests a second, due at fixed times (open model); empty for the closed model, in which each client
 *     sends the next request after an answer
 * @param threads the number of event loops, to which the clients are distributed
 * @param timeout how long an answer may take from the sending of its request, connecting included
 */
public record Load(int connections, Mode mode, int pipeline, OptionalDouble rate, int threads, Duration timeout) {

    static final int MOST_CONNECTIONS = 1_000_000;
    static final int MOST_PIPELINED = 10_000;

    /** What happens to a connection after an answer. */
    public enum Mode {
        /** The connection is kept. */
        KEEPALIVE,
        /** The connection is closed: each request has a new one. */
        CONNECT,
        /** Every other client keeps its connection. */
        MIXED
    }

    public Load {
        require(connections >= 1 && connections <= MOST_CONNECTIONS, "the number of connections", connections);
        require(pipeline >= 1 && pipeline <= MOST_PIPELINED, "the length of a pipeline", pipeline);
        require(
                pipeline == 1 || mode == Mode.KEEPALIVE,
                "the length of a pipeline",
                pipeline + " unless connections are kept alive");
        require(
                rate.isEmpty() || (rate.getAsDouble() > 0 && rate.getAsDouble() <= Limits.RATE),
                "the rate",
                rate.orElse(0) + ": it must be more than 0, and at most " + Limits.RATE);
        require(threads >= 1 && threads <= connections, "the number of threads", threads);
        Limits.check("the timeout", timeout);
        require(timeout.compareTo(Duration.ofMillis(1)) >= 0, "the timeout", timeout.toMillis() + "ms");
    }

    boolean closesAfterAnswer(int client) {
        return mode == Mode.CONNECT || (mode == Mode.MIXED && client % 2 == 1);
    }

    private static void require(boolean condition, String what, Object value) {
        if (!condition) {
            throw new LoadTestException(what + " can't be " + value);
        }
    }
}
