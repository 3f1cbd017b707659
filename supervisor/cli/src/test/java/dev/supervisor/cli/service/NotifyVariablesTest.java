package dev.supervisor.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NotifyVariablesTest {

    private static NotifyVariables of(Map<String, String> environment) {
        return new NotifyVariables(environment, 42);
    }

    @Test
    void theWatchdogIsForOneProcess() {
        Optional<Duration> half = Optional.of(Duration.ofMillis(500));
        assertEquals(half, of(Map.of("WATCHDOG_USEC", "500000")).watchdog());
        assertEquals(
                half,
                of(Map.of("WATCHDOG_USEC", "500000", "WATCHDOG_PID", "42")).watchdog());
        assertEquals(
                Optional.empty(),
                of(Map.of("WATCHDOG_USEC", "500000", "WATCHDOG_PID", "43")).watchdog());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "soon", "99999999999999999999"})
    void aWatchdogWithoutATimeIsNone(String micros) {
        assertEquals(Optional.empty(), of(Map.of("WATCHDOG_USEC", micros)).watchdog());
    }

    @ParameterizedTest
    @CsvSource({"1, true", "16, true", "0, false", "'', false", "yes, false"})
    void descriptorsAreKeptIfThereIsRoom(String most, boolean kept) {
        assertEquals(kept, of(Map.of("FDSTORE", most)).keepsDescriptors());
    }

    @ParameterizedTest
    @CsvSource({"a, true", "b=1, true", "c, true", "b, false", "'', false"})
    void namesAreWhole(String name, boolean passed) {
        assertEquals(passed, of(Map.of("LISTEN_FDNAMES", "a:b=1:c")).hasPassed(name));
    }

    @Test
    void withoutASocketNobodyIsNotified() {
        assertEquals(Optional.empty(), of(Map.of("WATCHDOG_USEC", "1")).socket());
        assertEquals(Optional.empty(), of(Map.of("NOTIFY_SOCKET", "")).socket());
        assertEquals(Optional.of("@a"), of(Map.of("NOTIFY_SOCKET", "@a")).socket());
    }
}
