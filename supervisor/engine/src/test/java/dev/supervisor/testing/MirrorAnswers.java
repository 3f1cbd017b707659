package dev.supervisor.testing;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What all connections to {@link Mirror} have seen together. Thread-safe. */
final class MirrorAnswers {

    /** The newest build that has answered anybody; whatever is asked after that must be answered by it or a newer. */
    private final AtomicInteger newest = new AtomicInteger();

    private final Map<Integer, Integer> connections = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();

    int newest() {
        return newest.get();
    }

    void sent(int requests) {
        sent.add(requests);
    }

    void received() {
        received.increment();
    }

    long sentSoFar() {
        return sent.sum();
    }

    long receivedSoFar() {
        return received.sum();
    }

    /** A generation has answered on a connection for the first time. */
    synchronized void generationSeen(int generation, int version) {
        newest.accumulateAndGet(version, Math::max);
        connections.merge(generation, 1, Integer::sum);
        notifyAll();
    }

    synchronized void failed(String failure) {
        failures.add(failure);
        notifyAll();
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** On how many connections a generation has answered. */
    int connectionsOf(int generation) {
        return connections.getOrDefault(generation, 0);
    }

    /** Waits until a generation has answered on so many connections, or something has failed. */
    synchronized void awaitConnections(int generation, int count, long timeoutMillis) throws InterruptedException {
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000;
        while (connectionsOf(generation) < count && failures.isEmpty()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("generation " + generation + " has answered on " + connectionsOf(generation)
                        + " connections instead of " + count);
            }
            wait(left);
        }
    }
}
