package dev.supervisor.cli;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Options of an application that mean nothing without another one. All are named without dashes. */
final class Dependents {

    /** By such an option: what it is about. */
    private static final Map<String, String> ABOUT = new TreeMap<>(Map.of(
            "check-timeout", "check",
            "check-tries", "check",
            "proxy-timeout", "proxy-protocol",
            "refresh-port", "refresh",
            "warm-up-time", "warm-up"));

    private Dependents() {}

    /** Returns what an option is about; empty if it means something by itself. */
    static Optional<String> about(String option) {
        return Optional.ofNullable(ABOUT.get(option));
    }

    /** Returns one of these options that is about an option which is not among them. */
    static Optional<String> alone(Collection<String> given) {
        return ABOUT.keySet().stream()
                .filter(given::contains)
                .filter(option -> !given.contains(ABOUT.get(option)))
                .findFirst();
    }
}
