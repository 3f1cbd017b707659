package dev.supervisor;

import java.util.Map;

/**
 * Where every connection of one generation went, from the moment that it did no new work any more.
 *
 * @param held on how many of them a request waited when another generation took over
 * @param departures how many left in which way; a way that none took is missing
 */
public record Ledger(int held, Map<Departure, Long> departures) {

    public Ledger {
        departures = Map.copyOf(departures);
    }

    public long count(Departure departure) {
        return departures.getOrDefault(departure, 0L);
    }

    /** How many there were. */
    public long total() {
        return departures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many could not move at once, because something was under way on them or their protocol can't. */
    public long leftToDrain() {
        return total() - count(Departure.MOVED_IDLE);
    }
}
