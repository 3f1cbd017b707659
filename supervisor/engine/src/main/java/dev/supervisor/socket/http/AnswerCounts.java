package dev.supervisor.socket.http;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the answers of one generation by HTTP/1, and those that failed. Thread-safe: counting takes no lock, and threads that
 * count at the same time have cells of their own.
 */
public class AnswerCounts {

    /** Counts nothing. */
    public static final AnswerCounts NONE = new AnswerCounts() {
        @Override
        public void answered(int status) {}

        @Override
        public void cut() {}
    };

    private static final int SERVER_ERROR = 500;

    /**
     * The counts at one moment.
     *
     * @param requests that were answered, or will never be
     * @param failed those with a status of 5xx, and those whose connection was closed without an answer
     */
    public record Counts(long requests, long failed) {

        public static final Counts ZERO = new Counts(0, 0);

        public Counts minus(Counts before) {
            return new Counts(requests - before.requests, failed - before.failed);
        }

        /** Returns the share of failed requests, from 0 to 1; 0 without requests. */
        public double share() {
            return requests == 0 ? 0 : (double) failed / requests;
        }
    }

    private final LongAdder requests = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** A response has begun. */
    public void answered(int status) {
        requests.increment();
        if (status >= SERVER_ERROR) {
            failed.increment();
        }
    }

    /** The application has closed a connection on which a request waited. */
    public void cut() {
        requests.increment();
        failed.increment();
    }

    public Counts counts() {
        long failedNow = failed.sum(); // first: never more than the requests
        return new Counts(requests.sum(), failedNow);
    }
}
