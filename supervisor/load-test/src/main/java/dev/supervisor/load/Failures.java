package dev.supervisor.load;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts failures by kind, and keeps the first of each. Thread-safe; meant for rare events. */
final class Failures {

    /** @param at by {@link System#nanoTime} */
    record First(long at, String detail) {}

    private final Map<RequestFailure, LongAdder> counts = new ConcurrentHashMap<>();
    private final Map<RequestFailure, First> first = new ConcurrentHashMap<>();

    /** Restarts the counts from zero; requests under way still count. */
    void restart() {
        counts.clear();
        first.clear();
    }

    void add(RequestFailure kind, String detail) {
        counts.computeIfAbsent(kind, k -> new LongAdder()).increment();
        first.computeIfAbsent(kind, k -> new First(System.nanoTime(), detail));
    }

    long count(RequestFailure kind) {
        return counts.getOrDefault(kind, new LongAdder()).sum();
    }

    long total() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Returns a copy of the first failure of each kind. */
    Map<RequestFailure, First> first() {
        return Map.copyOf(first);
    }
}
