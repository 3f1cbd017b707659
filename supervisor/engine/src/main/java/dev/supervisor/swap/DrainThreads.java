package dev.supervisor.swap;

import dev.supervisor.Ledger;
import dev.supervisor.process.SupervisorThreads;
import dev.supervisor.socket.netty.Connections;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Drains former backends, each on a thread of its own: connections leave, or are ended at the drain deadline, and then the
 * backend is closed. Many drains can run at a time, and a drain that hangs delays no other. Thread-safe.
 */
final class DrainThreads {

    /** Hears of one drain. Called on the drain's thread, except {@link #begun}. */
    interface Observer {
        /**
         * The drain has begun. Called on the thread that begins it; for a backend that was kept, on that of its end.
         *
         * @param cutShort ends the drain soon, as if its deadline had come; from any thread
         */
        default void begun(Runnable cutShort) {}

        /**
         * The backend is kept; its drain may begin later, or never. Called on the thread that begins that.
         *
         * @param cutShort ends it soon; from any thread
         */
        default void kept(Runnable cutShort) {}

        /** The drain takes a while: so many connections are left. */
        default void draining(int connections) {}

        /** The connections that are left are closed now: the deadline has passed, or the drain was cut short. */
        default void timedOut(int connections, Duration after) {}

        /** All connections have left or are lost. The observer closes the backend. */
        void drained(Duration after, Ledger ledger);
    }

    /**
     * Keeps a backend that was superseded from being drained and closed, until it is decided what becomes of it. Thread-safe.
     */
    static final class Keep {

        /** Whether the backend ends; false if it goes on. */
        private final CompletableFuture<Boolean> ends = new CompletableFuture<>();

        /** Has the backend drain and end, unless it goes on already. */
        void end() {
            ends.complete(true);
        }

        /** Has the backend go on. Returns false if it ends already. */
        boolean goOn() {
            return ends.complete(false);
        }
    }

    /** How long an event loop may take to respond before its connections are closed without it. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** How often to look for connections of unknown protocols that have become quiet. */
    private static final Duration LOOKS_APART = Duration.ofMillis(100);

    /** Makes the threads. */
    interface Threads {
        Thread make(String name, Runnable task);
    }

    private final Threads threads;

    /** Runs drains one after another where no thread can be started; its thread exists from the beginning. */
    private final ThreadPoolExecutor inTurn = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> SupervisorThreads.thread("supervisor-end", task));

    private final Set<CompletableFuture<@Nullable Void>> underWay = ConcurrentHashMap.newKeySet();

    DrainThreads() {
        this(SupervisorThreads::thread);
    }

    DrainThreads(Threads threads) {
        this.threads = threads;
        inTurn.prestartAllCoreThreads();
    }

    /**
     * Sees connections to their end that leave.
     *
     * @param asked completes when each event loop has let go what can leave at once
     */
    void begin(
            String name,
            Connections connections,
            CompletableFuture<@Nullable Void> asked,
            Duration drainTimeout,
            Observer observer) {
        Drain drain = new Drain(connections, observer);
        observer.begun(drain::cutShort);
        var unused = run(name, () -> drain.run(asked, drainTimeout));
    }

    /**
     * The same, but the backend is kept at first; that time counts as part of the drain timeout.
     *
     * @return decides what becomes of it
     */
    Keep keep(
            String name,
            Connections connections,
            CompletableFuture<@Nullable Void> asked,
            Duration drainTimeout,
            Observer observer) {
        Keep keep = new Keep();
        Drain drain = new Drain(connections, observer);
        observer.kept(() -> {
            keep.end();
            drain.cutShort();
        });
        var unused = run(name, () -> {
            if (drain.ends(asked, keep)) {
                observer.begun(drain::cutShort);
                drain.run(asked, drainTimeout);
            }
        });
        return keep;
    }

    /**
     * Runs the end of something on a thread of its own.
     *
     * @return completes when that has returned
     */
    CompletableFuture<@Nullable Void> run(String name, Runnable end) {
        CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        underWay.add(ended);
        Runnable task = () -> {
            try {
                SupervisorThreads.run(end);
            } finally {
                underWay.remove(ended);
                ended.complete(null);
            }
        };
        try {
            threads.make("supervisor-end-of-" + name, task).start();
        } catch (OutOfMemoryError e) { // the limit of threads
            inTurn.execute(task);
        }
        return ended;
    }

    /** Waits for all that have begun to end, which is bounded by the drain timeout; no other can begin. */
    void awaitAll() {
        underWay.forEach(CompletableFuture::join);
        inTurn.shutdown();
    }

    /** The drain of one. */
    private static final class Drain {

        private final Connections connections;
        private final Observer observer;
        private final CompletableFuture<@Nullable Void> enough = new CompletableFuture<>();
        private final long begun = System.nanoTime();

        Drain(Connections connections, Observer observer) {
            this.connections = connections;
            this.observer = observer;
        }

        void cutShort() {
            enough.complete(null);
        }

        /** Sees connections leave that can, until it is decided that the backend ends, or goes on. */
        boolean ends(CompletableFuture<@Nullable Void> asked, Keep keep) {
            if (!isDone(CompletableFuture.anyOf(asked, keep.ends), PATIENCE) && !keep.ends.isDone()) {
                connections.reclaim();
            }
            while (!isDone(keep.ends, LOOKS_APART)) {
                connections.checkQuiet();
                if (Thread.currentThread().isInterrupted()) {
                    keep.end();
                }
            }
            return keep.ends.join();
        }

        void run(CompletableFuture<@Nullable Void> asked, Duration timeout) {
            try {
                leave(asked, begun + timeout.toNanos());
            } finally { // or it would never be closed
                observer.drained(elapsed(), connections.ledger());
            }
        }

        private void leave(CompletableFuture<@Nullable Void> asked, long deadline) {
            if (!isDone(asked, PATIENCE)) {
                connections.reclaim();
            }
            if (isDrained(deadline)) {
                return;
            }
            observer.timedOut(connections.count(), elapsed());
            connections.end();
            if (!connections.endAtStop() && !isDone(connections.drained(), PATIENCE)) {
                connections.endFromOutside();
            }
        }

        /** What takes no longer than our patience is not cut short. */
        private boolean isDrained(long deadline) {
            if (isDone(connections.drained(), min(PATIENCE, until(deadline)))) {
                return true;
            }
            if (until(deadline).isZero()) {
                return false;
            }
            connections.reclaim();
            observer.draining(connections.count());
            CompletableFuture<?> over = CompletableFuture.anyOf(connections.drained(), enough);
            while (!over.isDone() && !until(deadline).isZero()) {
                connections.checkQuiet();
                isDone(over, min(LOOKS_APART, until(deadline)));
            }
            return connections.drained().isDone();
        }

        private Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - begun);
        }
    }

    private static Duration until(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static boolean isDone(CompletableFuture<?> future, Duration timeout) {
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
