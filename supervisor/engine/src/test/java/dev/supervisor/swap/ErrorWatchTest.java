package dev.supervisor.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Checks.ErrorLimit;
import dev.supervisor.socket.http.AnswerCounts.Counts;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ErrorWatchTest {

    private static final ErrorLimit LIMIT = new ErrorLimit(0.05, Duration.ofSeconds(10));

    private static boolean isExceeded(Counts former, Counts before, Counts now) {
        return new ErrorWatch(LIMIT, former, before).exceeded("app.jar", 2, now).isPresent();
    }

    @Test
    void moreErrorsThanTheLimitBringTheFormerOneBack() {
        assertTrue(isExceeded(Counts.ZERO, Counts.ZERO, new Counts(100, 6)));
        assertFalse(isExceeded(Counts.ZERO, Counts.ZERO, new Counts(100, 5)));
    }

    @Test
    void whatTheFormerOneFailedIsAllowed() {
        assertFalse(isExceeded(new Counts(1000, 500), Counts.ZERO, new Counts(100, 55)));
        assertTrue(isExceeded(new Counts(1000, 500), Counts.ZERO, new Counts(100, 56)));
    }

    @Test
    void fewRequestsTellNothing() {
        assertFalse(isExceeded(Counts.ZERO, Counts.ZERO, new Counts(19, 19)));
        assertTrue(isExceeded(Counts.ZERO, Counts.ZERO, new Counts(20, 20)));
    }

    @Test
    void whatWasAnsweredBeforeItServedDoesNotCount() {
        assertFalse(isExceeded(Counts.ZERO, new Counts(1000, 100), new Counts(1019, 119)));
        assertTrue(isExceeded(Counts.ZERO, new Counts(1000, 0), new Counts(1020, 2)));
    }

    @Test
    void theProblemSaysWhatWasCounted() {
        assertEquals(
                "app.jar (generation 2) failed 30 of 100 requests, 30.0%: ‹watchErrors› allows 5.0% more than the 1.0% of the"
                        + " generation before",
                new ErrorWatch(LIMIT, new Counts(200, 2), Counts.ZERO)
                        .exceeded("app.jar", 2, new Counts(100, 30))
                        .orElseThrow()
                        .summary());
    }

    @Test
    void itsTimeEnds() {
        ErrorWatch watch = new ErrorWatch(LIMIT, Counts.ZERO, Counts.ZERO);
        assertFalse(watch.isOver(Duration.ofMillis(9_999)));
        assertTrue(watch.isOver(Duration.ofSeconds(10)));
    }
}
