package dev.supervisor.cli;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prints on a thread of its own, so that a stalled reader (a pager, a stuck pipe, a stopped terminal) stops nothing
 * else: prints that find the queue full are dropped, and counted. Thread-safe.
 */
final class PrintQueue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PrintQueue.class);

    private final BlockingQueue<Runnable> queue;
    private final int capacity;
    private final IntConsumer onDropped;
    private final Duration patience;
    private final CountDownLatch done = new CountDownLatch(1);

    // Guarded by this.
    private int dropped;
    private boolean closed;

    /**
     * @param capacity how many prints may wait
     * @param onDropped called on the printing thread with the number of dropped prints, at their place among the others
     * @param patience how long {@link #close} waits for the remaining prints
     */
    PrintQueue(int capacity, IntConsumer onDropped, Duration patience) {
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.capacity = capacity;
        this.onDropped = onDropped;
        this.patience = patience;
        Thread thread = new Thread(this::run, "supervisor-transcript");
        thread.setDaemon(true);
        thread.start();
    }

    /** Queues a print, or drops it if the queue is full. Does not block. */
    synchronized void offer(Runnable print) {
        if (dropped > 0 && queue.size() <= capacity / 2) { // or a note might follow each print
            queue.add(countDropped());
        }
        if (dropped > 0 || !queue.offer(print)) {
            dropped++;
        }
    }

    /** Queues a print. Waits while the queue is full, unless the thread is interrupted. */
    void put(Runnable print) {
        try {
            queue.put(print);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            offer(print);
        }
    }

    private Runnable countDropped() {
        int count = dropped;
        dropped = 0;
        return () -> onDropped.accept(count);
    }

    private void run() {
        while (!isDone()) {
            printNext();
        }
        done.countDown();
    }

    /**
     * Runs the next print. Survives interrupts and lack of memory, which an application may cause: only {@link #close}
     * ends the thread.
     */
    private void printNext() {
        try {
            queue.take().run();
            if (queue.isEmpty()) {
                printDropped();
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            LOG.debug("can't print", e);
        }
    }

    private synchronized boolean isDone() {
        return closed && queue.isEmpty();
    }

    private void printDropped() {
        Runnable print;
        synchronized (this) {
            if (dropped == 0) {
                return;
            }
            print = countDropped();
        }
        print.run();
    }

    /** Waits until everything has been printed, for at most {@code patience}. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        queue.offer(() -> {}); // wakes the thread if it waits for a print
        try {
            if (!done.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("nobody has read what was to be printed last");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
