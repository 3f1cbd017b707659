package dev.supervisor;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Something that happened to a supervisor, as data. Durations are measured, times are those of the system clock. */
public sealed interface Event {

    /** A socket is bound and accepts. */
    record Listening(String name, Protocol protocol, InetSocketAddress address) implements Event {}

    /**
     * Pages in browsers refresh themselves after a swap.
     *
     * @param script what a page includes for that
     * @param injected whether the supervisor puts that into pages
     */
    record Refreshing(URI script, boolean injected) implements Event {}

    /** A new generation was asked for, by a key, by a signal, or by {@link Supervisor#swap}, whether or not a file has changed. */
    record SwapAsked() implements Event {}

    /** A file of the build has changed; new work waits from now on (hold), or does not (overlap). */
    record Changed(Path path) implements Event {}

    /** The build tool has been started. */
    record Building(String command) implements Event {}

    /** A line that the build tool has printed. */
    record BuildOutput(String line) implements Event {}

    /** The build tool has ended well. */
    record Built(Duration took) implements Event {}

    /**
     * The build tool has been started again and again, since a source has changed each time before it had ended. Said once
     * in a row.
     *
     * @param watchedByName whether it is one of those that {@code --watch} names, which are never ignored
     */
    record Restless(int times, Path source, boolean watchedByName) implements Event {}

    /**
     * The sources are built although they go on changing; said once, and not again before they have settled.
     *
     * @param source the last that has changed
     * @param watchedByName whether it is one of those that {@code --watch} names, which are never ignored
     */
    record Unsettled(Path source, boolean watchedByName) implements Event {}

    /** The build is incomplete or gone; another change is supposed to mend that soon. */
    record Awaiting(Problem problem) implements Event {}

    /**
     * A generation has taken over.
     *
     * @param loaded from the moment that the snapshot was begun, settling included
     * @param since when the first answer of its own was possible
     * @param held what had waited for it
     */
    record Serving(int generation, String build, Duration loaded, Duration started, Instant since, Held held)
            implements Event {}

    /** A generation has started, but the build has changed meanwhile, so that no connection was given to it yet. */
    record Outdated(int generation) implements Event {}

    /** The build was written again with the same bytes; the live generation goes on. */
    record Unchanged(int generation) implements Event {}

    /** A build does not serve. */
    record Failed(Problem problem, Next next) implements Event {

        /** What follows from it. */
        public enum Next {
            /** The generation before keeps serving. */
            OLD_SERVES,
            /** Clients get the failure page until the next build. */
            WAITING,
            /** The machine lacks something: the same build is tried again every second. */
            TRYING_AGAIN,
            /** The former generation may hold what the start needs: the build is tried once more when that has ended. */
            AFTER_FORMER,
            /** That attempt has failed too; the next build is awaited. */
            AS_BEFORE,
            /** A build of what has changed since follows. */
            SUPERSEDED
        }
    }

    /** A listener that the live generation does not serve; its connections are held. */
    record NotServed(int generation, String listener) implements Event {}

    /** A former generation has not finished yet; said once, if that takes its time. */
    record Draining(int generation, int connections, Duration drainTimeout) implements Event {}

    /** The drain deadline has passed, or has been brought forward. */
    record DrainTimedOut(int generation, int connections, Duration after) implements Event {}

    /** A generation has been closed; what it held has been taken back. */
    record Ended(int generation, Duration drained, Ledger ledger) implements Event {}

    /** The classes of an ended generation have been collected: nothing is left of it. */
    record Unloaded(int generation, Duration after) implements Event {}

    /**
     * An ended generation had left something in a place that all share, or threads of its own; that has been cleared.
     *
     * @param left what that was, in words for the author of the application
     */
    record LeftBehind(int generation, List<String> left) implements Event {
        public LeftBehind {
            left = List.copyOf(left);
        }
    }

    /**
     * The classes of an ended generation are still there, though the JVM has collected others since. Said once.
     *
     * @param holders what keeps them, in words for the author of the application
     */
    record KeptAlive(int generation, Duration after, List<String> holders) implements Event {
        public KeptAlive {
            holders = List.copyOf(holders);
        }
    }

    /**
     * A generation has ended, but threads of it don't end, so that it stays in memory. It does not keep the next build from
     * being served.
     *
     * @param threads what each does, with its stack
     * @param generations how many there are of which threads run on
     * @param classes how many these have loaded
     * @param metaspace bytes that all classes of the JVM take
     */
    record RunsOn(int generation, List<String> threads, int generations, int classes, long metaspace) implements Event {
        public RunsOn {
            threads = List.copyOf(threads);
        }
    }

    /** There may be no more generations at a time: the oldest that drains has to make room for the next one. */
    record Full(int oldestThatLeaves, int generations) implements Event {}

    /**
     * The memory for classes runs low.
     *
     * @param pool its name
     * @param used bytes
     * @param max bytes
     * @param generations all that are in memory
     */
    record MetaspaceLow(String pool, long used, long max, List<Status.Generation> generations) implements Event {
        public MetaspaceLow {
            generations = List.copyOf(generations);
        }
    }

    /** No more connections are accepted. */
    record Stopping(Duration drainTimeout) implements Event {}
}
