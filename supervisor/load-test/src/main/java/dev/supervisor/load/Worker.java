package dev.supervisor.load;

import dev.supervisor.load.Findings.Counts;
import dev.supervisor.load.Findings.Window;
import dev.supervisor.load.Versions.Known;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of one event loop: sends their requests when due, and judges the answers. Belongs to that loop, except
 * for methods that are called from other threads; times are those of {@link System#nanoTime}.
 */
final class Worker {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long PAUSE_AFTER_FAILURE = TimeUnit.MILLISECONDS.toNanos(10);

    /** Why an answer is not good. */
    private record Fault(RequestFailure kind, String detail) {}

    private final EventLoop loop;
    private final Consumer<ClientConnection> connector;
    private final WorkerContext shared;
    private final Pace pace;
    private final BodyCheck bodyCheck;
    private final Findings findings = new Findings();
    private final List<Client> clients = new ArrayList<>();

    /**
     * The clients that may send a request: a client is in it once for each further request that it may have under way.
     */
    private final Queue<Client> free = new ArrayDeque<>();

    private boolean stopping;
    private boolean ending;

    /** Once the test is ending, requests after this time are not due. */
    private long end;

    private boolean waking;

    /** @param connector connects to the target, on this loop */
    Worker(EventLoop loop, WorkerContext shared, Pace pace, Consumer<ClientConnection> connector) {
        this.loop = loop;
        this.shared = shared;
        this.pace = pace;
        this.connector = connector;
        this.bodyCheck = new BodyCheck(shared.expectation());
    }

    /** Adds a client. Must be called before the start. */
    void add(boolean closesAfterAnswer) {
        clients.add(new Client(this, closesAfterAnswer));
    }

    // Called from other threads

    void start() {
        long timeout = shared.load().timeout().toNanos();
        long period = Math.min(Math.max(timeout / 20, TimeUnit.MILLISECONDS.toNanos(1)), TimeUnit.SECONDS.toNanos(1));
        loop.execute(() -> {
            for (int i = 0; i < pipeline(); i++) {
                free.addAll(clients);
            }
            loop.scheduleAtFixedRate(() -> expire(timeout), period, period, TimeUnit.NANOSECONDS)
                    .addListener(Worker::noteError);
            pace.begin(System.nanoTime());
            pump();
        });
    }

    /** Restarts the counts from zero. */
    Future<?> restart() {
        return loop.submit(findings::restart);
    }

    /**
     * Ends the schedule at the first call: no request becomes due any more. Completes with the number of due requests
     * that have not been sent.
     */
    Future<Long> finish() {
        return loop.submit(() -> {
            end = ending ? end : System.nanoTime();
            ending = true;
            pump();
            long overdue = pace.overdue(end);
            stopping = overdue == 0;
            return overdue;
        });
    }

    /** Sends no more requests. Completes with the number of due requests that have not been sent. */
    Future<Long> stop() {
        return loop.submit(() -> {
            stopping = true;
            return pace.overdue(end);
        });
    }

    /** Gives up the requests under way, which then do not count as failures. */
    Future<?> close() {
        return loop.submit(() -> {
            findings.giveUp();
            clients.forEach(Client::close);
        });
    }

    Future<Window> mark() {
        return loop.submit(findings::takeWindow);
    }

    Future<Counts> counts() {
        return loop.submit(findings::counts);
    }

    /** Returns the results; other threads may use only the methods that say so. */
    Findings findings() {
        return findings;
    }

    // Called by the clients

    int pipeline() {
        return shared.load().pipeline();
    }

    boolean looksAtBodies() {
        return shared.expectation().looksAtBodies();
    }

    Known known() {
        return shared.versions().known();
    }

    ByteBuf request(boolean last) {
        return last
                ? shared.lastRequest().retainedDuplicate()
                : shared.request().retainedDuplicate();
    }

    void connect(ClientConnection connection) {
        connector.accept(connection);
    }

    void answered(ClientConnection connection, int status, ByteBuf body, long due, Known knownWhenSent) {
        Optional<Fault> fault = judge(connection, status, body, knownWhenSent);
        if (fault.isPresent()) {
            findings.failed(fault.get().kind(), fault.get().detail());
        } else {
            findings.answeredWell(due);
        }
    }

    /** Throws nothing, since a request that neither fails nor is answered would hold up the end of the test. */
    private Optional<Fault> judge(ClientConnection connection, int status, ByteBuf body, Known knownWhenSent) {
        try {
            if (!shared.expectation().allows(status)) {
                return fault(RequestFailure.BAD_STATUS, "status " + status);
            }
            return looksAtBodies() ? judgeBody(connection, body, knownWhenSent) : Optional.empty();
        } catch (RuntimeException e) {
            return fault(RequestFailure.OTHER, "the answer can't be judged: " + e);
        }
    }

    private Optional<Fault> judgeBody(ClientConnection connection, ByteBuf body, Known knownWhenSent) {
        bodyCheck.read(body);
        if (bodyCheck.tooComplex().isPresent()) {
            return fault(
                    RequestFailure.OTHER,
                    "the expression '" + bodyCheck.tooComplex().get()
                            + "' is too complex for this body of " + body.readableBytes()
                            + " bytes (use '(?s).*' rather than '(.|\\n)*')");
        }
        if (!bodyCheck.isGood()) {
            return fault(RequestFailure.BAD_BODY, "body: " + bodyCheck.excerpt());
        }
        return bodyCheck.version() == BodyCheck.NO_VERSION
                ? Optional.empty()
                : judgeVersion(connection, bodyCheck.version(), knownWhenSent);
    }

    private Optional<Fault> judgeVersion(ClientConnection connection, long version, Known knownWhenSent) {
        Known known = shared.versions().see(version);
        boolean goesBack = connection.goesBackTo(version, known.lap());
        if (goesBack || knownWhenSent.makesStale(version, known.lap())) {
            return fault(
                    RequestFailure.STALE,
                    "version " + version + (goesBack ? " after a newer one on the same connection" : "")
                            + ", sent when " + knownWhenSent.version() + " was known");
        }
        return Optional.empty();
    }

    private static Optional<Fault> fault(RequestFailure kind, String detail) {
        return Optional.of(new Fault(kind, detail));
    }

    /** Adds a client to the free ones: it may send another request. */
    void free(Client client) {
        free.add(client);
        pump();
    }

    /**
     * Frees a client after a failure.
     *
     * @param pausing true after a refused connection, which must not be tried again thousands of times a second
     */
    void freeAfterFailure(Client client, boolean pausing) {
        if (pausing) {
            loop.schedule(() -> free(client), PAUSE_AFTER_FAILURE, TimeUnit.NANOSECONDS)
                    .addListener(Worker::noteError);
        } else {
            loop.execute(() -> free(client));
        }
    }

    // Asking

    private void pump() {
        long now = System.nanoTime();
        while (!stopping && !free.isEmpty() && pace.isDue(ending ? end : now)) {
            long due = pace.take(now);
            findings.asked(due);
            free.remove().ask(due, now);
        }
        if (!ending && !stopping && !free.isEmpty() && !waking) {
            waking = true;
            loop.schedule(this::wake, Math.max(0, pace.next() - now), TimeUnit.NANOSECONDS)
                    .addListener(Worker::noteError);
        }
    }

    private void wake() {
        waking = false;
        pump();
    }

    private void expire(long timeout) {
        long sentBefore = System.nanoTime() - timeout;
        clients.forEach(client -> client.expire(sentBefore));
    }

    private static void noteError(Future<?> done) {
        if (!done.isSuccess() && !done.isCancelled()) {
            LOG.error("the load test has an error of its own", done.cause());
        }
    }
}
