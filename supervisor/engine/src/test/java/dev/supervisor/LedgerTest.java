package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LedgerTest {

    @Test
    void everyConnectionIsCountedOnce() {
        Ledger ledger = new Ledger(
                1,
                Map.of(Departure.MOVED_IDLE, 5L, Departure.MOVED_AFTER_RESPONSE, 3L, Departure.ENDED_AT_DEADLINE, 1L));
        assertEquals(9, ledger.total());
        assertEquals(3, ledger.count(Departure.MOVED_AFTER_RESPONSE));
        assertEquals(0, ledger.count(Departure.FINISHED));
        assertEquals(4, ledger.leftToDrain(), "all but those that were idle");
    }

    @Test
    void anEmptyOneIsAllZero() {
        Ledger ledger = new Ledger(0, Map.of());
        assertEquals(0, ledger.total());
        assertEquals(0, ledger.leftToDrain());
    }

    @Test
    void itDoesNotChange() {
        Map<Departure, Long> counts = new HashMap<>(Map.of(Departure.FINISHED, 1L));
        Ledger ledger = new Ledger(0, counts);
        counts.clear();
        assertEquals(1, ledger.total());
        assertThrows(
                UnsupportedOperationException.class, () -> ledger.departures().clear());
    }
}
