package dev.supervisor.load;

import dev.supervisor.load.Versions.Known;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.HdrHistogram.SingleWriterRecorder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of one event loop, and what they meet. Belongs to that loop, but for what is said to be read by others;
 * times are those of {@link System#nanoTime}.
 */
final class Worker {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long PAUSE_AFTER_FAILURE = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long NEVER = Long.MIN_VALUE;

    /** What happened since the last reload. */
    record Window(long longestWait, long failures) {}

    /** The longest time in which requests waited and none was answered well. */
    record Stall(long nanos, long end) {

        static Stall longest(Stall one, Stall other) {
            return other.nanos > one.nanos ? other : one;
        }
    }

    /**
     * @param unanswered that were under way when it ended early
     * @param opened with those that were open already when it began to count
     */
    record Counts(long requests, long unanswered, long opened, long closedByPeer, Stall stall) {}

    private final EventLoop loop;
    private final Consumer<ClientConnection> connector;
    private final Shared shared;
    private final Pace pace;
    private final Reading reading;
    private final List<Client> clients = new ArrayList<>();

    /** A client for each request that it might have under way and has not. */
    private final Queue<Client> free = new ArrayDeque<>();

    private final SingleWriterRecorder latencies = Latencies.recorder();
    private final Failures failures = new Failures();
    private final AtomicInteger underWay = new AtomicInteger();
    private boolean stopping;
    private boolean closing;
    private boolean waking;

    private long requests;
    private long unanswered;
    private long open;
    private long opened;
    private long closedByPeer;
    private long waitingSince = NEVER;
    private Stall stall = new Stall(0, 0);
    private long longestWait;
    private long failuresInWindow;

    /** @param connector connects to the target, on this loop */
    Worker(EventLoop loop, Shared shared, Pace pace, Consumer<ClientConnection> connector) {
        this.loop = loop;
        this.shared = shared;
        this.pace = pace;
        this.connector = connector;
        this.reading = new Reading(shared.expectation());
    }

    /** Before it is started. */
    void add(boolean closesAfterAnswer) {
        clients.add(new Client(this, closesAfterAnswer));
    }

    // From outside

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

    /** Counts from now on. */
    Future<?> restart() {
        return loop.submit(() -> {
            requests = underWay.get();
            latencies.reset();
            failures.restart();
            opened = open;
            closedByPeer = 0;
            stall = new Stall(0, 0);
            if (waitingSince != NEVER) {
                waitingSince = System.nanoTime();
            }
            takeWindow();
        });
    }

    /** Sends no more requests; answers with how many were due and have not been sent. */
    Future<Long> stop() {
        return loop.submit(() -> {
            stopping = true;
            return free.isEmpty() ? pace.overdue(System.nanoTime()) : 0; // else the timer is just about to fire
        });
    }

    /** Gives up what is under way, which is no failure then. */
    Future<?> close() {
        return loop.submit(() -> {
            closing = true;
            clients.forEach(Client::close);
        });
    }

    Future<Window> mark() {
        return loop.submit(this::takeWindow);
    }

    Future<Counts> counts() {
        return loop.submit(() -> {
            noteStall(System.nanoTime());
            return new Counts(requests, unanswered, opened, closedByPeer, stall);
        });
    }

    /** How many requests have been sent and not answered; for any thread. */
    int underWay() {
        return underWay.get();
    }

    /** For any thread. */
    SingleWriterRecorder latencies() {
        return latencies;
    }

    /** For any thread. */
    Failures failures() {
        return failures;
    }

    // From the clients

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

    void opened() {
        open++;
        opened++;
    }

    void closed() {
        open--;
    }

    void closedByPeer() {
        closedByPeer++;
    }

    void answered(ClientConnection connection, int status, ByteBuf body, long due, Known knownWhenSent) {
        if (!shared.expectation().allows(status)) {
            addFailure(Failure.BAD_STATUS, "status " + status);
        } else if (!looksAtBodies() || isGood(connection, body, knownWhenSent)) {
            answeredWell(due);
        }
        ended();
    }

    private void answeredWell(long due) {
        long now = System.nanoTime();
        long latency = now - due;
        Latencies.record(latencies, latency);
        longestWait = Math.max(longestWait, latency);
        noteStall(now);
        waitingSince = underWay.get() > 1 ? now : NEVER;
    }

    /** Last of all, since it is what others wait for. */
    private void ended() {
        underWay.lazySet(underWay.get() - 1);
    }

    private boolean isGood(ClientConnection connection, ByteBuf body, Known knownWhenSent) {
        reading.read(body);
        if (!reading.isGood()) {
            addFailure(Failure.BAD_BODY, "body: " + reading.excerpt());
            return false;
        }
        long version = reading.version();
        if (version == Reading.NO_VERSION) {
            return true;
        }
        Known known = shared.versions().see(version);
        boolean goesBack = connection.goesBackTo(version, known.lap());
        if (goesBack || knownWhenSent.makesStale(version, known.lap())) {
            addFailure(
                    Failure.STALE,
                    "version " + version + (goesBack ? " after a newer one on the same connection" : "")
                            + ", sent when " + knownWhenSent.version() + " was known");
            return false;
        }
        return true;
    }

    void failed(Failure kind, String detail) {
        if (closing) {
            unanswered++;
        } else {
            addFailure(kind, detail);
        }
        ended();
    }

    private void addFailure(Failure kind, String detail) {
        failures.add(kind, detail);
        failuresInWindow++;
    }

    /** It may ask once more. */
    void free(Client client) {
        free.add(client);
        pump();
    }

    /** @param pausing so that connections that are refused at once are not tried thousands of times a second */
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
        while (!stopping && !free.isEmpty() && pace.isDue(now)) {
            long due = pace.take(now);
            if (waitingSince == NEVER) {
                waitingSince = due;
            }
            requests++;
            underWay.lazySet(underWay.get() + 1);
            free.remove().ask(due, now);
        }
        if (!stopping && !free.isEmpty() && !waking) {
            waking = true;
            loop.schedule(this::wake, Math.max(0, pace.next() - now), TimeUnit.NANOSECONDS)
                    .addListener(Worker::noteError);
        }
    }

    private void wake() {
        waking = false;
        pump();
    }

    private static void noteError(Future<?> done) {
        if (!done.isSuccess() && !done.isCancelled()) {
            LOG.error("the load test has an error of its own", done.cause());
        }
    }

    private void expire(long timeout) {
        long sentBefore = System.nanoTime() - timeout;
        clients.forEach(client -> client.expire(sentBefore));
    }

    private void noteStall(long now) {
        if (waitingSince != NEVER && now - waitingSince > stall.nanos()) {
            stall = new Stall(now - waitingSince, now);
        }
    }

    private Window takeWindow() {
        Window window = new Window(longestWait, failuresInWindow);
        longestWait = 0;
        failuresInWindow = 0;
        return window;
    }
}
