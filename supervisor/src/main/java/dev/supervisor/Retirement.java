package dev.supervisor;

import dev.supervisor.socket.Connections;
import dev.supervisor.socket.Ledger;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The end of those who are not live any more: their connections leave or are ended at the drain deadline, then they are
 * closed. Each on a thread of its own, so that many can be under way, and one that hangs delays no other. Thread-safe.
 */
final class Retirement {

    /** Told on the thread of the one that ends. */
    interface Observer {
        /** It takes its time. */
        default void draining(int connections) {}

        default void timedOut(int connections) {}

        /** All connections have left, or are lost: to be closed now. */
        void drained(Duration after, Ledger ledger);
    }

    /** How long an event loop may take to do what it is asked before it is done without it. */
    private static final Duration PATIENCE_WITH_LOOPS = Duration.ofSeconds(1);

    private final Set<CompletableFuture<@Nullable Void>> underWay = ConcurrentHashMap.newKeySet();

    /** Supersedes the connections, and sees them to their end. */
    void begin(String name, Connections connections, Duration drainTimeout, Observer observer) {
        CompletableFuture<@Nullable Void> drained = connections.supersede();
        CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        underWay.add(ended);
        Thread thread = new Thread(
                () -> {
                    try {
                        long begun = System.nanoTime();
                        drain(connections, drained, drainTimeout, observer);
                        observer.drained(Duration.ofNanos(System.nanoTime() - begun), connections.ledger());
                    } finally {
                        underWay.remove(ended);
                        ended.complete(null);
                    }
                },
                "supervisor-end-of-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for all that have begun to end; the drain timeout bounds it. */
    void awaitAll() {
        underWay.forEach(CompletableFuture::join);
    }

    private static void drain(
            Connections connections, CompletableFuture<@Nullable Void> drained, Duration timeout, Observer observer) {
        Duration first = timeout.compareTo(PATIENCE_WITH_LOOPS) < 0 ? timeout : PATIENCE_WITH_LOOPS;
        if (isDone(drained, first)) {
            return;
        }
        connections.reclaim();
        if (timeout.compareTo(first) > 0) {
            observer.draining(connections.count());
            if (isDone(drained, timeout.minus(first))) {
                return;
            }
        }
        observer.timedOut(connections.count());
        connections.end();
        if (!isDone(drained, PATIENCE_WITH_LOOPS)) {
            connections.endFromOutside();
        }
    }

    private static boolean isDone(CompletableFuture<@Nullable Void> future, Duration timeout) {
        try {
            future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
