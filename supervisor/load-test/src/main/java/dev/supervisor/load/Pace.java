package dev.supervisor.load;

import java.util.concurrent.TimeUnit;

/** Decides when requests are due. Belongs to one event loop; times are those of {@link System#nanoTime}. */
interface Pace {

    /** Begins. Called before all other methods. */
    default void begin(long now) {}

    /** Returns whether a request is due. */
    boolean isDue(long now);

    /** Takes the due request, and returns since when it was due. */
    long take(long now);

    /** Returns when the next request is due, which may be long ago. */
    long next();

    /** Returns how many requests are due and have not been taken. */
    long overdue(long now);

    /** Returns the pace of the closed model: each client sends the next request after an answer. */
    static Pace asFastAsAnswered() {
        return new Pace() {
            @Override
            public boolean isDue(long now) {
                return true;
            }

            @Override
            public long take(long now) {
                return now;
            }

            @Override
            public long next() {
                throw new IllegalStateException("always due");
            }

            @Override
            public long overdue(long now) {
                return 0;
            }
        };
    }

    /** Returns the pace of a single request. */
    static Pace once() {
        return new Pace() {
            private boolean taken;

            @Override
            public boolean isDue(long now) {
                return !taken;
            }

            @Override
            public long take(long now) {
                taken = true;
                return now;
            }

            @Override
            public long next() {
                return System.nanoTime() + TimeUnit.DAYS.toNanos(1);
            }

            @Override
            public long overdue(long now) {
                return 0;
            }
        };
    }

    /**
     * Returns the pace of the open model: requests at fixed times, whether or not there are answers.
     *
     * @param perSecond requests a second
     * @param offset when the first request is due after the beginning, in nanoseconds
     */
    static Pace atRate(double perSecond, long offset) {
        return new Pace() {
            private static final double NANOS = 1e9;
            private long start;
            private long taken;

            @Override
            public void begin(long now) {
                start = now + offset;
            }

            @Override
            public boolean isDue(long now) {
                return next() - now <= 0;
            }

            @Override
            public long take(long now) {
                long due = next();
                taken++;
                return due;
            }

            @Override
            public long next() {
                return start + Math.round(taken * (NANOS / perSecond));
            }

            @Override
            public long overdue(long now) {
                return Math.max(0, (long) Math.floor((now - start) * (perSecond / NANOS)) + 1 - taken);
            }
        };
    }
}
