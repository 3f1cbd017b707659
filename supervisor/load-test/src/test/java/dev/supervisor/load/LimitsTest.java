package dev.supervisor.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class LimitsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1000);
    private static final Duration TOO_LONG = Duration.ofHours(999_999_999_999L);

    private static Load atRate(double rate) {
        return new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.of(rate), 1, SECOND);
    }

    private static Load withTimeout(Duration timeout) {
        return new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.empty(), 1, timeout);
    }

    private static ReloadPlan reloads(Duration every, Duration timeout) {
        return new ReloadPlan(number -> {}, every, timeout);
    }

    private static void assertRefused(String message, Executable executable) {
        assertEquals(message, assertThrows(LoadTestException.class, executable).getMessage());
    }

    @Test
    void aRateIsAtMostARequestANanosecond() {
        String allowed = ": it must be more than 0, and at most 1000000000";
        assertRefused("the rate can't be Infinity" + allowed, () -> atRate(Double.POSITIVE_INFINITY));
        assertRefused("the rate can't be NaN" + allowed, () -> atRate(Double.NaN));
        assertRefused("the rate can't be 1.0E300" + allowed, () -> atRate(1e300));
        assertRefused("the rate can't be 0.0" + allowed, () -> atRate(0));
        assertEquals(1e9, atRate(1e9).rate().getAsDouble());
    }

    @Test
    void aDurationIsAtMostAThousandHours() {
        String refused = " can't be 3599999999996400s: it must be at most 1000h";
        assertRefused("the timeout" + refused, () -> withTimeout(TOO_LONG));
        assertRefused("the time between reloads" + refused, () -> reloads(TOO_LONG, SECOND));
        assertRefused("the timeout of a reload" + refused, () -> reloads(SECOND, TOO_LONG));
        assertRefused("the duration" + refused, () -> new TestDuration(TOO_LONG, SECOND, SECOND));
        assertRefused("the warm-up" + refused, () -> new TestDuration(SECOND, TOO_LONG, SECOND));
        assertRefused("the sample" + refused, () -> new TestDuration(SECOND, SECOND, TOO_LONG));
        assertRefused(
                "the timeout can't be 9223372036854775807s: it must be at most 1000h",
                () -> withTimeout(Duration.ofSeconds(Long.MAX_VALUE)));
        assertEquals(LONGEST, withTimeout(LONGEST).timeout());
        assertEquals(LONGEST, reloads(LONGEST, LONGEST).every());
        assertEquals(LONGEST, new TestDuration(LONGEST, LONGEST, LONGEST).duration());
    }
}
