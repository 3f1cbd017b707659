package dev.supervisor.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class CensusTest {

    private final Census census = new Census();

    @Test
    void whatIsAcceptedIsOpenUntilItEnds() {
        assertEquals(new Tally(0, 0, 0), census.tally());
        census.accepted();
        census.accepted();
        assertEquals(new Tally(2, 2, 0), census.tally());
        census.ended();
        assertEquals(new Tally(2, 1, 1), census.tally());
        census.ended();
        assertEquals(new Tally(2, 0, 2), census.tally());
    }

    @Test
    void itBalancesWhoeverCounts() throws InterruptedException {
        long connections = 100_000;
        Runnable counting = () -> {
            for (long i = 0; i < connections; i++) {
                census.accepted();
                census.ended();
            }
        };
        Thread one = new Thread(counting);
        Thread another = new Thread(counting);
        one.start();
        another.start();
        while (one.isAlive() || another.isAlive()) {
            Tally now = census.tally();
            assertEquals(now.accepted(), now.open() + now.ended());
            assertEquals(now.open(), Math.min(now.open(), 2));
        }
        one.join();
        another.join();
        assertEquals(new Tally(2 * connections, 0, 2 * connections), census.tally());
    }
}
