package dev.supervisor.socket;

import dev.supervisor.Departure;
import dev.supervisor.flight.Flight;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts how connections have left backends that were replaced. Thread-safe. */
final class DepartureCounter {

    private final String socket;
    private final Map<Departure, LongAdder> counts = new ConcurrentHashMap<>();

    /** @param socket its name, for recordings */
    DepartureCounter(String socket) {
        this.socket = socket;
    }

    void count(Departure how) {
        Flight.recorder().left(socket, how);
        counts.computeIfAbsent(how, unused -> new LongAdder()).increment();
    }

    /** Returns the counts that are not 0. */
    Map<Departure, Long> counts() {
        Map<Departure, Long> all = new EnumMap<>(Departure.class);
        counts.forEach((how, count) -> all.put(how, count.sum()));
        return all;
    }
}
