package dev.supervisor.lending;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * The selector of an application's asynchronous channels, and the thread that waits for it. Begins with the first channel that
 * waits for something, and ends when the last one of those is closed. Calls no code of the application.
 */
final class AsynchronousLoop {

    /** Of each application, while it has channels that wait. Guarded by itself. */
    private static final Map<Borrower, AsynchronousLoop> LOOPS = new HashMap<>();

    private final Borrower borrower;
    private final Selector selector;

    /** Guarded by {@link #LOOPS}. */
    private int channels;

    /** What is to be done, by when. Guarded by itself. */
    private final TreeMap<Deadline, Runnable> timers = new TreeMap<>();

    private long lastTimer;

    private AsynchronousLoop(Borrower borrower, Selector selector) {
        this.borrower = borrower;
        this.selector = selector;
    }

    /** A time of {@link System#nanoTime}, which may overflow. */
    private record Deadline(long nanos, long number) implements Comparable<Deadline> {

        @Override
        public int compareTo(Deadline other) {
            long difference = nanos - other.nanos;
            return difference == 0 ? Long.compare(number, other.number) : Long.signum(difference);
        }
    }

    /**
     * Registers a channel that does not block; it waits for nothing yet.
     *
     * @param threads the thread group of the application
     * @param ready called with what the channel was waiting for and is ready for now, and does not wait for any more
     */
    static Registration register(
            Borrower borrower,
            SelectorProvider provider,
            ThreadGroup threads,
            SelectableChannel channel,
            IntConsumer ready)
            throws IOException {
        synchronized (LOOPS) {
            AsynchronousLoop known = LOOPS.get(borrower);
            return known != null && known.selector.isOpen()
                    ? known.add(channel, ready)
                    : begin(borrower, provider, threads, channel, ready);
        }
    }

    private static Registration begin(
            Borrower borrower,
            SelectorProvider provider,
            ThreadGroup threads,
            SelectableChannel channel,
            IntConsumer ready)
            throws IOException {
        AsynchronousLoop loop =
                new AsynchronousLoop(borrower, LendingProvider.jdkOf(provider).openSelector());
        try {
            Registration first = loop.add(channel, ready);
            loop.start(threads);
            return first;
        } catch (IOException | RuntimeException e) {
            loop.close();
            throw e;
        }
    }

    private Registration add(SelectableChannel channel, IntConsumer ready) throws IOException {
        SelectionKey key = channel.register(selector, 0, ready);
        channels++;
        return new Registration(this, key);
    }

    private void start(ThreadGroup threads) {
        borrower.opened(selector);
        LOOPS.put(borrower, this);
        Thread thread = new Thread(threads, this::run, "asynchronous-channels", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
    }

    private void run() {
        try {
            while (!endsNow()) {
                var unused = selector.select(runTimers());
                clearInterrupt();
                dispatch();
            }
        } catch (ClosedSelectorException e) { // by the lender, when the application has ended
            forget();
        } catch (IOException e) {
            forget();
            throw new IllegalStateException("can't select", e);
        } finally {
            close();
        }
    }

    /** An interrupted thread would spin: each selection would return at once. */
    private static void clearInterrupt() {
        var unused = Thread.interrupted();
    }

    private void dispatch() {
        selector.selectedKeys().forEach(AsynchronousLoop::dispatch);
        selector.selectedKeys().clear();
    }

    private static void dispatch(SelectionKey key) {
        int ready;
        try {
            ready = key.readyOps();
            key.interestOpsAnd(~ready);
        } catch (CancelledKeyException e) {
            return; // its channel has been closed
        }
        ((IntConsumer) key.attachment()).accept(ready);
    }

    private boolean endsNow() {
        synchronized (LOOPS) {
            return channels == 0 && LOOPS.remove(borrower, this);
        }
    }

    private void forget() {
        synchronized (LOOPS) {
            LOOPS.remove(borrower, this);
        }
    }

    /** Lets go of channels that were closed just now. */
    private void close() {
        try {
            selector.close();
        } catch (IOException e) {
            return; // nothing can be done, and nobody waits for it
        }
    }

    // Timers

    /** Runs what is due. Returns the milliseconds until the next one; 0 if there is none. */
    private long runTimers() {
        while (true) {
            Runnable due;
            synchronized (timers) {
                if (timers.isEmpty()) {
                    return 0;
                }
                long left = timers.firstKey().nanos() - System.nanoTime();
                if (left > 0) {
                    return TimeUnit.NANOSECONDS.toMillis(left) + 1;
                }
                due = timers.pollFirstEntry().getValue();
            }
            due.run();
        }
    }

    private Deadline schedule(long nanos, Runnable task) {
        synchronized (timers) {
            Deadline deadline = new Deadline(System.nanoTime() + nanos, lastTimer++);
            timers.put(deadline, task);
            return deadline;
        }
    }

    private void cancel(Deadline deadline) {
        synchronized (timers) {
            timers.remove(deadline);
        }
    }

    /** A channel's, until it is closed. Thread-safe. */
    static final class Registration {

        private final AsynchronousLoop loop;
        private final SelectionKey key;

        /** Guarded by {@link #LOOPS}. */
        private boolean left;

        private Registration(AsynchronousLoop loop, SelectionKey key) {
            this.loop = loop;
            this.key = key;
        }

        /** Waits for these too, once. */
        void await(int ops) {
            try {
                key.interestOpsOr(ops);
                loop.selector.wakeup();
            } catch (CancelledKeyException e) {
                return; // the channel is being closed, which ends what waits
            }
        }

        /** Runs a task on the thread of the loop. Returns what cancels that. */
        Runnable schedule(long nanos, Runnable task) {
            Deadline deadline = loop.schedule(nanos, task);
            loop.selector.wakeup();
            return () -> loop.cancel(deadline);
        }

        /** The channel is being closed. */
        void leave() {
            synchronized (LOOPS) {
                if (!left) {
                    left = true;
                    loop.channels--;
                }
            }
            key.cancel();
            loop.selector.wakeup();
        }
    }
}
