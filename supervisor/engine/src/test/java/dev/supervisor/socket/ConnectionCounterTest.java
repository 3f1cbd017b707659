package dev.supervisor.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.Tally;
import org.junit.jupiter.api.Test;

final class ConnectionCounterTest {

    private final ConnectionCounter counter = new ConnectionCounter();

    @Test
    void whatIsAcceptedIsOpenUntilItEnds() {
        assertEquals(new Tally(0, 0, 0), counter.tally());
        counter.accepted();
        counter.accepted();
        assertEquals(new Tally(2, 2, 0), counter.tally());
        counter.ended();
        assertEquals(new Tally(2, 1, 1), counter.tally());
        counter.ended();
        assertEquals(new Tally(2, 0, 2), counter.tally());
    }

    @Test
    void itBalancesWhoeverCounts() throws InterruptedException {
        long connections = 100_000;
        Runnable counting = () -> {
            for (long i = 0; i < connections; i++) {
                counter.accepted();
                counter.ended();
            }
        };
        Thread one = new Thread(counting);
        Thread another = new Thread(counting);
        one.start();
        another.start();
        while (one.isAlive() || another.isAlive()) {
            Tally now = counter.tally();
            assertEquals(now.accepted(), now.open() + now.ended());
            assertEquals(now.open(), Math.min(now.open(), 2));
        }
        one.join();
        another.join();
        assertEquals(new Tally(2 * connections, 0, 2 * connections), counter.tally());
    }
}
