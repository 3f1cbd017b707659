package dev.supervisor.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FailureTest {

    private static final Instant SINCE = LocalDateTime.of(2026, 5, 4, 13, 2, 1)
            .atZone(ZoneId.systemDefault())
            .toInstant();

    private static String after(Duration age) {
        return new Failure(Problem.of("no"), Optional.of(SINCE))
                .lastGoodBuild(SINCE.plus(age))
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S,0 s",
        "PT59.9S,59 s",
        "PT60S,1 min",
        "PT59M59S,59 min",
        "PT1H,1 h",
        "PT23H59M,23 h",
        "PT24H,1 day",
        "PT240H,10 days"
    })
    void theAgeOfTheLastGoodBuildIsRounded(Duration age, String text) {
        assertTrue(after(age).startsWith("The last good build is " + text + " old: it began to serve at "), after(age));
    }

    @Test
    void theTimeIsThatOfTheDayAndTheDateComesWithAge() {
        assertTrue(after(Duration.ofMinutes(5)).endsWith(" at 13:02:01."), after(Duration.ofMinutes(5)));
        assertTrue(after(Duration.ofDays(5)).endsWith(" at 2026-05-04 13:02."), after(Duration.ofDays(5)));
    }

    @Test
    void aClockThatWasSetBackDoesNoHarm() {
        assertTrue(after(Duration.ofDays(-2)).startsWith("The last good build is 0 s old"));
    }

    @Test
    void withoutAGoodBuildNothingIsSaidOfIt() {
        assertEquals(Optional.empty(), Failure.UNDISCLOSED.lastGoodBuild(SINCE));
    }
}
