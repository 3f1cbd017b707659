package dev.supervisor.lending;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts accepts on a socket that was taken back, and ends a loop of them. Thread-safe. */
final class VainAccepts {

    /** How often a program may try. */
    private static final int MOST = 10;

    private final AtomicInteger count = new AtomicInteger();

    /** @throws LeaseEndedError if the program has tried too often */
    void accept() {
        if (count.incrementAndGet() > MOST) {
            throw new LeaseEndedError();
        }
    }
}
