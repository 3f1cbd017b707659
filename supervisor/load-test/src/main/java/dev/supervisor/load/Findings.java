package dev.supervisor.load;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * The results of one worker's clients. Belongs to the worker's event loop, except for methods that say otherwise; times
 * are those of {@link System#nanoTime}.
 */
final class Findings {

    private static final long NEVER = Long.MIN_VALUE;

    /**
     * A request that is due this soon after a failure takes part in the wait of the failed one: a server that refuses
     * one connection after another gives no answers all the while. Much longer than a client's pause after a failure.
     */
    private static final long NEXT_ATTEMPT = TimeUnit.MILLISECONDS.toNanos(100);

    /** The events since the last reload. */
    record Window(long longestWait, long failures) {}

    /** The longest time in which requests waited and none was answered well. */
    record Stall(long nanos, long end) {

        static Stall longest(Stall one, Stall other) {
            return other.nanos > one.nanos ? other : one;
        }
    }

    /**
     * @param unanswered requests that were under way when the test ended early
     * @param opened connections, including the ones open when the counts began
     */
    record Counts(long requests, long unanswered, long opened, long closedByPeer, Stall stall) {}

    private final LongSupplier clock;
    private final SingleWriterRecorder latencies = Latencies.recorder();
    private final Failures failures = new Failures();
    private final AtomicInteger underWay = new AtomicInteger();
    private boolean givingUp;

    private long requests;
    private long unanswered;
    private long open;
    private long opened;
    private long closedByPeer;
    private long waitingSince = NEVER;

    /** When the last good answer came, or the counts began: no wait begins before that. */
    private long lastAnswer;

    /** Since when the last failed request and those before it had waited, if no request has been sent since then. */
    private long failedWait = NEVER;

    private long lastFailure;
    private Stall stall = new Stall(0, 0);
    private long longestWait;
    private long failuresInWindow;

    Findings() {
        this(System::nanoTime);
    }

    /** @param clock returns the current time, as {@link System#nanoTime} does */
    Findings(LongSupplier clock) {
        this.clock = clock;
        lastAnswer = clock.getAsLong();
    }

    // Connections

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

    // Requests

    void asked(long due) {
        if (waitingSince == NEVER) {
            waitingSince = beginOfWait(due);
            failedWait = NEVER;
        }
        requests++;
        underWay.lazySet(underWay.get() + 1);
    }

    /** A request may have been due long before the last answer, with too few clients for the rate. */
    private long beginOfWait(long due) {
        if (failedWait != NEVER && due - lastFailure <= NEXT_ATTEMPT) {
            return failedWait;
        }
        return due - lastAnswer > 0 ? due : lastAnswer;
    }

    void answeredWell(long due) {
        long now = clock.getAsLong();
        long latency = now - due;
        Latencies.record(latencies, latency);
        longestWait = Math.max(longestWait, latency);
        noteStall(now);
        waitingSince = underWay.get() > 1 ? now : NEVER;
        lastAnswer = now;
        ended();
    }

    void failed(RequestFailure kind, String detail) {
        if (givingUp) {
            unanswered++;
        } else {
            failures.add(kind, detail);
            failuresInWindow++;
        }
        if (underWay.get() == 1) {
            endWaitWithoutAnswer();
        }
        ended();
    }

    /** Counts a failure of the server that belongs to no request. */
    void violated(RequestFailure kind, String detail) {
        failures.add(kind, detail);
        failuresInWindow++;
    }

    /** Counts a request as ended. Must be the last step, since other threads wait for this count. */
    private void ended() {
        underWay.lazySet(underWay.get() - 1);
    }

    private void endWaitWithoutAnswer() {
        lastFailure = clock.getAsLong();
        noteStall(lastFailure);
        failedWait = waitingSince;
        waitingSince = NEVER;
    }

    private void noteStall(long now) {
        if (waitingSince != NEVER && now - waitingSince > stall.nanos()) {
            stall = new Stall(now - waitingSince, now);
        }
    }

    /**
     * Counts failures from now on as unanswered requests: the test no longer waits for answers, so they are not the
     * target's fault.
     */
    void giveUp() {
        givingUp = true;
    }

    /**
     * Counts requests that are still under way as failed: an error of the load test's own has lost them. Called at the
     * very end, from any thread.
     */
    void lost() {
        for (int i = 0; i < underWay.get(); i++) {
            failures.add(RequestFailure.OTHER, "lost by an error of the load test (please report it)");
        }
    }

    // Counting

    /** Restarts the counts from zero, except for requests under way and open connections. */
    void restart() {
        requests = underWay.get();
        latencies.reset();
        failures.restart();
        opened = open;
        closedByPeer = 0;
        stall = new Stall(0, 0);
        lastAnswer = clock.getAsLong();
        failedWait = NEVER;
        if (waitingSince != NEVER) {
            waitingSince = lastAnswer;
        }
        takeWindow();
    }

    Window takeWindow() {
        Window window = new Window(longestWait, failuresInWindow);
        longestWait = 0;
        failuresInWindow = 0;
        return window;
    }

    Counts counts() {
        noteStall(clock.getAsLong());
        return new Counts(requests, unanswered, opened, closedByPeer, stall);
    }

    /** Returns how many requests have been sent and not answered. May be called from any thread. */
    int underWay() {
        return underWay.get();
    }

    /** May be called from any thread. */
    SingleWriterRecorder latencies() {
        return latencies;
    }

    /** May be called from any thread. */
    Failures failures() {
        return failures;
    }
}
