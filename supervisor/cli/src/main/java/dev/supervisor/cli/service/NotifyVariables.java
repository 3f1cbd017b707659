package dev.supervisor.cli.service;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * The variables by which a service manager says what it wants to be told.
 *
 * @param processId of this process
 */
record NotifyVariables(Map<String, String> environment, long processId) {

    private static final String NUMBER = "[1-9][0-9]{0,17}";

    private Optional<String> value(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }

    /** Returns the address that notifications go to: a path, or an abstract name after an {@code @}. */
    Optional<String> socket() {
        return value("NOTIFY_SOCKET");
    }

    /** Returns within which time a sign of life is expected; empty if none is, or by another process. */
    Optional<Duration> watchdog() {
        boolean isOurs =
                value("WATCHDOG_PID").map(Long.toString(processId)::equals).orElse(true);
        return value("WATCHDOG_USEC")
                .filter(micros -> isOurs && micros.matches(NUMBER))
                .map(micros -> Duration.of(Long.parseLong(micros), ChronoUnit.MICROS));
    }

    /** Returns whether it keeps descriptors for the next run. */
    boolean keepsDescriptors() {
        return value("FDSTORE").filter(most -> most.matches(NUMBER)).isPresent();
    }

    /** Returns whether it has passed a descriptor of this name. */
    boolean hasPassed(String name) {
        return (":" + environment.getOrDefault("LISTEN_FDNAMES", "") + ":").contains(":" + name + ":");
    }
}
