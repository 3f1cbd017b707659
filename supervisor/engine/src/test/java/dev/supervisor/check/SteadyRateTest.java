package dev.supervisor.check;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SteadyRateTest {

    private final SteadyRate rate = new SteadyRate();

    private boolean next(long... counts) {
        boolean steady = false;
        for (long count : counts) {
            steady = rate.next(count);
        }
        return steady;
    }

    @Test
    void aRateThatGrowsIsNotSteady() {
        assertFalse(next(10, 20, 40, 80, 160, 320, 640, 1280, 2560));
    }

    @Test
    void aRateIsSteadyThatHasStoppedToGrow() {
        assertFalse(next(10, 20, 40, 80, 100, 100, 100, 100));
        assertFalse(next(100));
        assertFalse(next(100));
        assertTrue(next(100, 100));
    }

    @Test
    void aFewSlicesTellNothing() {
        assertFalse(next(100, 100, 100, 100, 100, 100, 100));
        assertTrue(next(100));
    }

    @Test
    void noAnswersAreNoRate() {
        assertFalse(next(0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void aStepOfFivePercentIsNone() {
        assertTrue(next(100, 100, 100, 100, 105, 105, 105, 105));
        assertFalse(next(112, 112, 112, 112));
    }
}
