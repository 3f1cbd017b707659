package dev.supervisor.load;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Counts failures by kind, and keeps the first of each. Thread-safe; meant for what is rare. */
final class Failures {

    /** @param at by {@link System#nanoTime} */
    record First(long at, String detail) {}

    private final Map<Failure, AtomicLong> counts = new EnumMap<>(Failure.class);
    private final Map<Failure, First> first = Collections.synchronizedMap(new EnumMap<>(Failure.class));

    Failures() {
        for (Failure kind : Failure.values()) {
            counts.put(kind, new AtomicLong());
        }
    }

    /** Counts from now on; what is under way still counts. */
    void restart() {
        counts.values().forEach(count -> count.set(0));
        first.clear();
    }

    void add(Failure kind, String detail) {
        counts.get(kind).incrementAndGet();
        first.computeIfAbsent(kind, k -> new First(System.nanoTime(), detail));
    }

    long count(Failure kind) {
        return counts.get(kind).get();
    }

    long total() {
        return counts.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** The first of each kind; a copy. */
    Map<Failure, First> first() {
        synchronized (first) {
            Map<Failure, First> copy = new EnumMap<>(Failure.class);
            copy.putAll(first);
            return copy;
        }
    }
}
