package dev.supervisor;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A supervisor at one moment.
 *
 * @param condition what it does
 * @param steering what it was told to do, and the builds that it keeps for that
 * @param generations all that are in memory, in the order of their numbers
 * @param sockets in the order of the options
 * @param swaps what became of them
 * @param lastSwap the last time that a generation began to serve; empty before the first
 * @param problem why the newest build does not serve; empty while it does
 */
public record Status(
        Condition condition,
        Steering steering,
        List<Generation> generations,
        List<Socket> sockets,
        Swaps swaps,
        Optional<Event.Serving> lastSwap,
        Optional<Problem> problem) {

    public Status {
        generations = List.copyOf(generations);
        sockets = List.copyOf(sockets);
    }

    /** Returns the generation that new connections and requests go to; empty if there is none. */
    public Optional<Generation> live() {
        return generations.stream()
                .filter(generation -> generation.state() == State.LIVE)
                .findFirst();
    }

    /**
     * Returns whether new work is done, or waits for a build that takes the place of one that served: not before the first
     * build serves, nor while none does because of a failure, nor when the supervisor drains or stops.
     */
    public boolean isReady() {
        boolean isSwappedIn = condition == Condition.SWAPPING && problem.isEmpty();
        return condition != Condition.DRAINING
                && condition != Condition.STOPPING
                && (live().isPresent() || isSwappedIn);
    }

    /** What a supervisor does. */
    public enum Condition {
        SERVING,
        /** A change has been seen, and no build has served yet. */
        STARTING,
        /** A change has been seen; its outcome is not known yet. */
        SWAPPING,
        /** Changes are noted, and not swapped. */
        PAUSED,
        /** The newest build does not serve. With overlap, the one before may. */
        FAILED,
        /** Clients are told to leave; requests are still answered. */
        DRAINING,
        STOPPING
    }

    /**
     * What a supervisor was told to do.
     *
     * @param builds the builds that can be brought back, newest first
     */
    public record Steering(boolean paused, boolean draining, List<KeptBuild> builds) {
        public static final Steering NONE = new Steering(false, false, List.of());

        public Steering {
            builds = List.copyOf(builds);
        }
    }

    /**
     * A build that is kept to be brought back.
     *
     * @param number of the generation that was made of it
     * @param build the file name of the application
     * @param sha256 of the application, in hexadecimal digits; empty if it is not known
     * @param at when it began to serve
     * @param live whether it serves
     */
    public record KeptBuild(int number, String build, Optional<String> sha256, Instant at, boolean live) {}

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
     * @param sha256 of the application's jar, in hexadecimal digits; empty if it is not known, as of a directory
     * @param classes the number of classes that it has loaded
     * @param connections the number of connections that are open
     * @param since when its state began
     */
    public record Generation(
            int number,
            State state,
            String build,
            Optional<String> sha256,
            int classes,
            int connections,
            Instant since) {

        public Generation(int number, State state, String build, int classes, int connections, Instant since) {
            this(number, state, build, Optional.empty(), classes, connections, since);
        }
    }

    /**
     * One listening socket.
     *
     * @param tally how many of the connections that it has accepted are open or have ended
     * @param waits the connections that wait at its gate, or have waited
     * @param left how many connections have left a backend that another one has replaced, in which way; a way that none
     *     took is missing. A connection is counted each time
     * @param refusedHeaders how many connections were closed since their proxies had not begun them with a good header
     *     ({@link ProxyProtocol})
     * @param tls empty if the supervisor ends no TLS on it
     */
    public record Socket(
            String name,
            Protocol protocol,
            SocketAddress address,
            Tally tally,
            Waits waits,
            Map<Departure, Long> left,
            long refusedHeaders,
            Optional<Tls> tls) {
        public Socket {
            left = Map.copyOf(left);
        }
    }

    /**
     * TLS that the supervisor ends.
     *
     * @param engine what implements it: {@code JDK}, or the version of OpenSSL or of the library in its place
     * @param certificates the default one first
     */
    public record Tls(String engine, List<Certificate> certificates) {
        public Tls {
            certificates = List.copyOf(certificates);
        }
    }

    /**
     * A certificate by which the supervisor authenticates itself.
     *
     * @param names of hosts and addresses, for which it was issued
     * @param file where it is
     */
    public record Certificate(List<String> names, Instant notBefore, Instant notAfter, Path file) {
        public Certificate {
            names = List.copyOf(names);
        }
    }

    /**
     * The connections that waited for a build at the gate of a socket. A connection is counted each time that it waits.
     *
     * @param now how many wait
     * @param total how many have waited, or wait
     * @param expired how many have waited for longer than the hold timeout
     * @param times how long they have waited
     */
    public record Waits(int now, long total, long expired, Distribution times) {
        public static final Waits NONE = new Waits(0, 0, 0, Distribution.NONE);
    }

    /**
     * Counts of durations, by their length.
     *
     * @param bounds in seconds, ascending
     * @param counts how many were not longer than the bound of the same index, and longer than the one before; the last
     *     one, behind all bounds, were longer
     * @param sum of all, in seconds
     */
    public record Distribution(List<Double> bounds, List<Long> counts, double sum) {
        public static final Distribution NONE = new Distribution(List.of(), List.of(0L), 0);

        public Distribution {
            bounds = List.copyOf(bounds);
            counts = List.copyOf(counts);
        }

        public long count() {
            return counts.stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * What became of swaps.
     *
     * @param recent the last ones, newest first; the first of them may still be under way
     * @param totals how many have ended in which way, but for the one that is under way
     * @param phases how long the phases have taken
     * @param unloads how long it took after the end of generations until their classes had been collected
     * @param keptAlive how many ended generations were found to be kept in memory
     */
    public record Swaps(
            List<Swap> recent,
            Map<Result, Long> totals,
            Map<Phase, Distribution> phases,
            Distribution unloads,
            long keptAlive) {
        public static final Swaps NONE = new Swaps(List.of(), Map.of(), Map.of(), Distribution.NONE, 0);

        public Swaps {
            recent = List.copyOf(recent);
            totals = Map.copyOf(totals);
            phases = Map.copyOf(phases);
        }

        /** Returns the last one that has told whether the build is good; empty before the first. */
        public Optional<Swap> lastDecided() {
            return recent.stream()
                    .filter(swap -> swap.result() != Result.RUNNING && swap.result() != Result.OUTDATED)
                    .findFirst();
        }
    }

    /** What became of a swap. */
    public enum Result {
        /** It is under way. */
        RUNNING,
        SERVED,
        FAILED,
        /** The build was written again with the same bytes. */
        UNCHANGED,
        /** The build has changed again meanwhile; another swap follows. */
        OUTDATED
    }

    /** Why a swap was made. */
    public enum Trigger {
        /** It was the first. */
        FIRST,
        /** A file has changed. */
        CHANGED,
        /** It was asked for. */
        ASKED,
        /** A build that is kept was asked for, or was brought back after errors of the live one. */
        ROLLBACK,
        /** The build before had failed for want of something that may be there now. */
        RETRY
    }

    /** The parts of a swap, in their order; a swap need not have each of them. */
    public enum Phase {
        /** The build tool runs. */
        BUILD,
        /** The build settles, and is copied. */
        SNAPSHOT,
        LOAD,
        /** The application starts. */
        START,
        /** The new generation is asked whether it is well. */
        CHECK,
        /** The new generation answers requests of the supervisor. */
        WARM_UP,
        /**
         * From the opening of the gates to the first byte of an answer, if requests had waited; otherwise from the first
         * request, if that came within a second.
         */
        FIRST_ANSWER
    }

    /**
     * A swap, from the change to the opening of the gates.
     *
     * @param number from 1
     * @param generation the one that was made; empty if none was
     * @param at when the change was seen
     * @param took from then to its end, or until now
     * @param phases in their order
     * @param held the connections that had waited for it
     * @param problem why it has failed
     */
    public record Swap(
            int number,
            Result result,
            OptionalInt generation,
            Trigger trigger,
            Instant at,
            Duration took,
            List<Timed> phases,
            Held held,
            Optional<Problem> problem) {
        public Swap {
            phases = List.copyOf(phases);
        }
    }

    /**
     * A phase of a swap.
     *
     * @param start from the change to its begin
     * @param took from its begin to its end, or until now
     */
    public record Timed(Phase phase, Duration start, Duration took) {}

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
