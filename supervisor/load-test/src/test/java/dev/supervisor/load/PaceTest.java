package dev.supervisor.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class PaceTest {

    private static final long START = Math.subtractExact(Long.MAX_VALUE, 500); // such times overflow, and nanoTime may
    private static final long SECOND = 1_000_000_000;

    private static Pace atRate(double perSecond) {
        Pace pace = Pace.atRate(perSecond, 100);
        pace.begin(START - 100);
        return pace;
    }

    @Test
    void requestsAreDueAtFixedTimesWhateverWasTakenWhen() {
        Pace pace = atRate(10);
        assertFalse(pace.isDue(START - 1));
        assertTrue(pace.isDue(START));
        assertEquals(START, pace.take(START + 5));
        assertEquals(START + SECOND / 10, pace.next());
        assertFalse(pace.isDue(START + SECOND / 10 - 1));
        assertTrue(pace.isDue(START + SECOND));
        assertEquals(START + SECOND / 10, pace.take(START + SECOND), "late, and counted from when it was due");
    }

    @Test
    void doesNotDriftAtARateThatNanosecondsDontDivide() {
        Pace pace = atRate(3);
        for (int i = 0; i < 3_000_000; i++) {
            pace.take(START);
        }
        assertEquals(START + 1_000_000 * SECOND, pace.next());
    }

    @Test
    void countsWhatIsDueAndWasNotTaken() {
        Pace pace = atRate(10);
        assertEquals(0, pace.overdue(START - SECOND));
        assertEquals(1, pace.overdue(START));
        assertEquals(11, pace.overdue(START + SECOND));
        pace.take(START + SECOND);
        assertEquals(10, pace.overdue(START + SECOND));
    }

    @Test
    void inTheClosedModelARequestIsAlwaysDueNow() {
        Pace pace = Pace.asFastAsAnswered();
        assertTrue(pace.isDue(START));
        assertEquals(START, pace.take(START));
        assertEquals(0, pace.overdue(START));
    }

    @Test
    void oneRequestIsDueOnce() {
        Pace pace = Pace.once();
        assertTrue(pace.isDue(START));
        pace.take(START);
        assertFalse(pace.isDue(START));
    }
}
