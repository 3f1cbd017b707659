package dev.supervisor;

import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Something that happened to a supervisor, as data. Durations are measured, times are those of the system clock. */
public sealed interface Event {

    /** A socket is bound and accepts. */
    record Listening(String name, Protocol protocol, SocketAddress address) implements Event {}

    /**
     * The supervisor ends TLS on a socket, by these certificates from now on: at the start, and when their files have changed.
     * Connections that are established keep theirs.
     *
     * @param listener the name of the socket
     * @param tls with the certificates
     * @param protocols what ALPN offers
     * @param clientCertificates whether clients need certificates, too
     */
    record CertificatesLoaded(String listener, Status.Tls tls, List<String> protocols, boolean clientCertificates)
            implements Event {
        public CertificatesLoaded {
            protocols = List.copyOf(protocols);
        }
    }

    /**
     * Files of certificates have changed and can't be used; the former ones stay in use. Reported once for a state of the
     * files.
     *
     * @param listener the name of the socket
     * @param why names the file and what to do
     */
    record CertificatesRefused(String listener, String why) implements Event {}

    /**
     * A certificate is about to expire, has expired, or is not valid yet. Reported when it is loaded, and twice a day.
     *
     * @param left the time until it expires, negative if it has; how long it is until it is valid is told by the certificate
     */
    record CertificateExpires(String listener, Status.Certificate certificate, Duration left) implements Event {}

    /**
     * A certificate authority for this machine was made, which browsers have to trust.
     *
     * @param certificate the file
     * @param mkcert whether it is that of mkcert, which can have browsers trust it
     */
    record AuthorityMade(Path certificate, boolean mkcert) implements Event {}

    /**
     * Pages in browsers refresh themselves after a swap.
     *
     * @param script what a page includes for that
     * @param injected whether the supervisor puts that into pages
     */
    record Refreshing(URI script, boolean injected) implements Event {}

    /** Nothing is put into the pages of this generation, though that is asked for: it is a program. Reported once in a row. */
    record NotInjected(int generation) implements Event {}

    /** A new generation was asked for, by a key, by a signal, or by {@link Supervisor#swap}, whether or not a file has changed. */
    record SwapAsked() implements Event {}

    /**
     * A former build was asked for, by {@link Supervisor#rollback}. A pause begins with it.
     *
     * @param generation the one that has served that build
     * @param build the file name of the application
     */
    record RollbackAsked(int generation, String build) implements Event {}

    /** Changes are noted from now on, and swapped after the pause. What had begun is completed. */
    record Paused() implements Event {}

    /** A file of the build has changed in a pause; nothing follows from that before its end. Reported once in a pause. */
    record Noted(Path path) implements Event {}

    /**
     * The pause is over, and so is the withdrawal.
     *
     * @param swaps whether a swap follows, since something has changed meanwhile
     */
    record Resumed(boolean swaps) implements Event {}

    /**
     * Clients are told to leave from now on: each answer is the last one on its connection. New connections are served, and
     * swaps made, until the supervisor is stopped or {@linkplain Resumed resumed}.
     *
     * @param clientsTold false for a program, which writes its answers itself: its clients are not told
     */
    record Withdrawn(boolean clientsTold) implements Event {}

    /** A file of the build has changed; new work waits from now on (hold), or does not (overlap). */
    record Changed(Path path) implements Event {}

    /** The build tool has been started. */
    record Building(String command) implements Event {}

    /** A line that the build tool has printed. */
    record BuildOutput(String line) implements Event {}

    /**
     * The build tool has ended well.
     *
     * @param warnings how many the compiler gave; 0 for a command, whose output is not searched for them
     */
    record Built(Duration took, int warnings) implements Event {}

    /** Tests are being run that depend on what has changed. */
    record Testing(int classes) implements Event {}

    /**
     * Tests have been run that depend on what has changed, or that had failed before.
     *
     * @param classes how many have tests
     * @param succeeded the number of tests; likewise the other two
     * @param skipped disabled, or given up since an assumption did not hold
     */
    record Tested(int classes, int succeeded, int failed, int skipped, Duration took, List<TestFailure> failures)
            implements Event {
        public Tested {
            failures = List.copyOf(failures);
        }
    }

    /**
     * A test has failed.
     *
     * @param testClass its qualified name
     * @param test as the test engine shows it: {@code adds()}
     * @param message what was expected, or the exception
     * @param file the name of the source; empty if it is not known
     * @param line in the test's class, or where the exception was thrown; 0 if it is not known
     */
    record TestFailure(String testClass, String test, String message, String file, int line) {}

    /**
     * Tests could not be run, or not to their end.
     *
     * @param summary one line
     * @param places what the compiler complains about in the sources of tests
     */
    record NotTested(String summary, List<Diagnostic> places) implements Event {
        public NotTested {
            places = List.copyOf(places);
        }
    }

    /**
     * The build tool has been started again and again, since a source has changed each time before it had ended. Reported
     * once in a row.
     *
     * @param source the last source that has changed
     * @param watchedByName whether the source is watched itself, and not only within a directory: it is never ignored then
     */
    record Restless(int times, Path source, boolean watchedByName) implements Event {}

    /**
     * The sources are built although they go on changing. Reported once, and not again before they have settled.
     *
     * @param source the last source that has changed
     * @param watchedByName whether the source is watched itself, and not only within a directory: it is never ignored then
     */
    record Unsettled(Path source, boolean watchedByName) implements Event {}

    /** The build is incomplete or missing; another change is expected to complete it soon. */
    record Awaiting(Problem problem) implements Event {}

    /**
     * A generation has taken over.
     *
     * @param build the file name of the application
     * @param loaded the time from the begin of the snapshot until the module was linked, settling included
     * @param started the time that the application's start took
     * @param since when the gates were opened to it
     * @param held the connections that had waited for it
     */
    record Serving(int generation, String build, Duration loaded, Duration started, Instant since, Held held)
            implements Event {}

    /**
     * A generation has answered all {@linkplain Checks#requests() checks} well, and is about to serve.
     *
     * @param checks how many there are
     */
    record Checked(int generation, int checks, Duration took) implements Event {}

    /**
     * A generation has answered requests of the supervisor's own, so that its code is compiled, and is about to serve.
     *
     * @param requests how many were answered
     * @param failures how many of them by a status of 5xx, and how many were not answered
     * @param steady whether the rate had become steady; otherwise the time was over, or the build has changed
     */
    record WarmedUp(int generation, long requests, long failures, boolean steady, Duration took) implements Event {}

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
            /** The build had begun to serve; the generation before serves again. */
            BROUGHT_BACK,
            /** Clients get the failure page until the next build. */
            WAITING,
            /** The machine lacks something: the same build is tried again every second. */
            TRYING_AGAIN,
            /** The former generation may hold what the start needs: the build is tried once more when that has ended. */
            AFTER_FORMER,
            /** That attempt has failed too; the next build is awaited. */
            AS_BEFORE,
            /** A build follows, since the sources have changed again. */
            SUPERSEDED,
            /** The process ends, since it was asked to if the first build fails. */
            ENDING
        }
    }

    /** A listener that the live generation does not serve; its connections are held. */
    record NotServed(int generation, String listener) implements Event {}

    /**
     * A port that a generation before had bound besides the supervisor's sockets is closed, since none does any more.
     *
     * @param generation the one that is live
     */
    record PortClosed(int generation, String listener, SocketAddress address) implements Event {}

    /**
     * The kernel has dropped datagrams, since the receive buffer of their socket was full: too many came while no build
     * served, or while the application was too slow.
     *
     * @param listener the name of the socket
     * @param count how many, since that was last reported
     * @param receiveBuffer its size in bytes
     */
    record DatagramsLost(String listener, long count, int receiveBuffer) implements Event {}

    /** A former generation has not finished yet. Reported once, if its drain takes more than a second. */
    record Draining(int generation, int connections, Duration drainTimeout) implements Event {}

    /** The drain deadline has passed, or has been brought forward. */
    record DrainTimedOut(int generation, int connections, Duration after) implements Event {}

    /** A generation has been closed, and its sockets, threads and files have been taken back. */
    record Ended(int generation, Duration drained, Ledger ledger) implements Event {}

    /** The classes of an ended generation have been collected: nothing is left of it. */
    record Unloaded(int generation, Duration after) implements Event {}

    /**
     * An ended generation had left objects in places that all generations share, or threads; they have been cleared.
     *
     * @param left each of them, described for the author of the application
     */
    record LeftBehind(int generation, List<String> left) implements Event {
        public LeftBehind {
            left = List.copyOf(left);
        }
    }

    /**
     * The classes of an ended generation are still in memory, though the JVM has collected others since. Reported once.
     *
     * @param holders the references that keep them, described for the author of the application
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
     * @param threads the state and the stack of each thread
     * @param generations the number of ended generations whose threads run on
     * @param classes the number of classes that these have loaded
     * @param metaspace the bytes that all classes of the JVM take
     */
    record RunsOn(int generation, List<String> threads, int generations, int classes, long metaspace) implements Event {
        public RunsOn {
            threads = List.copyOf(threads);
        }
    }

    /** The bound of generations is reached: the oldest that drains has to make room for the next one. */
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

    /**
     * The supervisor stops. During the delay it goes on accepting and swapping, and tells clients to leave; after it, no more
     * connections are accepted.
     */
    record Stopping(Duration delay, Duration drainTimeout) implements Event {}
}
