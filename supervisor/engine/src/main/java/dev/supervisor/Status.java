package dev.supervisor;

import java.net.SocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A supervisor at one moment.
 *
 * @param generations all that are in memory, in the order of their numbers
 * @param sockets in the order of the options
 * @param lastSwap the last time that a generation began to serve; empty before the first
 * @param problem why the newest build does not serve; empty while it does
 */
public record Status(
        List<Generation> generations,
        List<Socket> sockets,
        Optional<Event.Serving> lastSwap,
        Optional<Problem> problem) {

    public Status {
        generations = List.copyOf(generations);
        sockets = List.copyOf(sockets);
    }

    /** The life of a generation, in this order; a generation that fails to start goes from STARTING to ENDED. */
    public enum State {
        STARTING,
        /** New connections and requests go to it. */
        LIVE,
        /** Another generation is live; this one finishes its requests under way. */
        DRAINING,
        /** Its drain is cut short, since there may be no more generations at a time. */
        CUT_SHORT,
        /** Closed; its classes have not been collected yet. */
        ENDED,
        /** Closed, except for threads that do not end, so that its classes stay in memory. */
        RUNNING_ON
    }

    /**
     * One generation.
     *
     * @param build the file name of the application
     * @param classes the number of classes that it has loaded
     * @param connections the number of connections that are open
     * @param since when its state began
     */
    public record Generation(int number, State state, String build, int classes, int connections, Instant since) {}

    /** One listening socket, and how many of the connections that it has accepted are open or have ended. */
    public record Socket(String name, Protocol protocol, SocketAddress address, Tally tally) {}

    /**
     * The threads of one generation.
     *
     * @param lines the state and the stack of each thread, in the form of jstack; empty if it has no thread of its own
     */
    public record Threads(Generation generation, List<String> lines) {
        public Threads {
            lines = List.copyOf(lines);
        }
    }
}
