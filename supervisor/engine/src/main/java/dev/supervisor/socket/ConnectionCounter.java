package dev.supervisor.socket;

import dev.supervisor.Tally;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the connections of one listener, whichever owner they have. Both counts share one word, so that they are read
 * consistently without a lock. Thread-safe.
 */
final class ConnectionCounter {

    private static final int BITS_FOR_ENDED = 40; // a million a second for twelve days
    private static final long ONE_OPEN = 1L << BITS_FOR_ENDED;
    private static final long ONE_ENDED = 1;

    private final AtomicLong counts = new AtomicLong();

    void accepted() {
        counts.addAndGet(ONE_OPEN);
    }

    void ended() {
        counts.addAndGet(ONE_ENDED - ONE_OPEN);
    }

    Tally tally() {
        long now = counts.get();
        long open = now >>> BITS_FOR_ENDED;
        long ended = now & (ONE_OPEN - 1);
        return new Tally(open + ended, open, ended);
    }
}
