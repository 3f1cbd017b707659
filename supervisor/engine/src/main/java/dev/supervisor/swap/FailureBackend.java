package dev.supervisor.swap;

import dev.supervisor.Problem;
import dev.supervisor.failure.Failure;
import dev.supervisor.failure.FailureDetails;
import dev.supervisor.failure.FailureLoop;
import dev.supervisor.failure.FailureServer;
import dev.supervisor.socket.ChangeBarrier;
import dev.supervisor.socket.ListeningSocket;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The failure page as a backend, and the problem that it shows. Belongs to the thread of the {@link SwapLoop}; the page
 * reads the problem on its event loop.
 */
final class FailureBackend {

    private record Page(FailureServer server, Backend backend) {}

    private final FailureLoop loop;
    private final List<ListeningSocket> listeners;
    private final FailureDetails details;
    private final ChangeBarrier barrier;
    private final Supplier<Optional<String>> tests;

    private @Nullable Page page;
    private volatile Problem problem = Problem.of("the application has not started yet");
    private volatile Optional<Instant> lastGoodBuild = Optional.empty();

    /** @param tests returns the last result of tests, in words */
    FailureBackend(
            FailureLoop loop,
            List<ListeningSocket> listeners,
            FailureDetails details,
            ChangeBarrier barrier,
            Supplier<Optional<String>> tests) {
        this.tests = tests;
        this.barrier = barrier;
        this.loop = loop;
        this.listeners = listeners;
        this.details = details;
    }

    /** Returns the page that is up, or starts one. */
    Backend backend() {
        if (page == null) {
            FailureServer server = FailureServer.start(
                    loop, listeners, () -> new Failure(problem, lastGoodBuild, tests.get()), details, barrier);
            page = new Page(
                    server,
                    new Backend(
                            "failure-page", server.connections(), Optional.empty(), (after, ledger) -> server.close()));
        }
        return page.backend();
    }

    /** Another backend, or none, is live from now on: the next failure starts another page. */
    void replaced() {
        page = null;
    }

    Problem problem() {
        return problem;
    }

    /** Shows this problem, and tells the pages that are open in browsers. */
    void problem(Problem next) {
        problem = next;
        if (page != null) {
            page.server().failureChanged();
        }
    }

    /** A build has begun to serve; the page says how old that build is. */
    void served(Instant since) {
        lastGoodBuild = Optional.of(since);
    }

    /** Returns whether any build has served. */
    boolean hasServed() {
        return lastGoodBuild.isPresent();
    }
}
