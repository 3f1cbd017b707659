package dev.supervisor.generation;

import dev.supervisor.unload.GenerationThread;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the threads of one generation: named after it, and with its class loader as their context. */
final class GenerationThreads implements ThreadFactory {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationThreads.class);

    /** A task did not return in time; its thread has been interrupted. */
    static final class StuckException extends Exception {

        private static final long serialVersionUID = 1L;
        private final transient StackTraceElement[] where;

        StuckException(StackTraceElement[] where) {
            this.where = where;
        }

        /** The stack of the thread at that moment. */
        StackTraceElement[] where() {
            return where;
        }
    }

    /**
     * A task failed. Unlike an {@link java.util.concurrent.ExecutionException} it does not ask its cause for a message,
     * which is code of the application.
     */
    static final class FailedException extends Exception {

        private static final long serialVersionUID = 1L;
        private final Throwable failure;

        FailedException(Throwable failure) {
            super(null, failure);
            this.failure = failure;
        }

        Throwable failure() {
            return failure;
        }
    }

    private final String name;
    private final ClassLoader classLoader;
    private final ThreadGroup group;
    private final Queue<Thread> loops = new ConcurrentLinkedQueue<>();
    private final AtomicInteger loopsMade = new AtomicInteger();

    /** @param name of the generation, as {@code generation-7} */
    GenerationThreads(String name, ClassLoader classLoader) {
        this.name = name;
        this.classLoader = classLoader;
        this.group = new ThreadGroup(name);
    }

    /** What these threads start is in it, too, mostly. */
    ThreadGroup group() {
        return group;
    }

    /** A thread for an event loop. */
    @Override
    public Thread newThread(Runnable task) {
        Thread loop = thread(task, "loop-" + loopsMade.incrementAndGet());
        loops.add(loop);
        return loop;
    }

    /** Wakes handlers that block. */
    void interruptLoops() {
        loops.forEach(Thread::interrupt);
    }

    /**
     * Runs a task of the application on a fresh thread and waits for it.
     *
     * @throws FailedException if the task threw
     * @throws StuckException if it did not return in time
     * @throws InterruptedException if the calling thread was interrupted; the task's is interrupted then too
     */
    <T> T call(String purpose, Callable<T> task, Duration timeout)
            throws FailedException, StuckException, InterruptedException {
        CompletableFuture<Callable<T>> ended = new CompletableFuture<>();
        Thread thread = thread(() -> ended.complete(outcome(task)), purpose);
        thread.start();
        try {
            return ended.get(timeout.toNanos(), TimeUnit.NANOSECONDS).call();
        } catch (TimeoutException e) {
            StackTraceElement[] where = thread.getStackTrace();
            thread.interrupt();
            throw new StuckException(where);
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        } catch (FailedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> Callable<T> outcome(Callable<T> task) {
        try {
            T value = task.call();
            return () -> value;
        } catch (Throwable e) { // an Error of the application fails this task only, too
            return () -> {
                throw new FailedException(e);
            };
        }
    }

    private Thread thread(Runnable task, String purpose) {
        return new GenerationThread(group, task, name + "-" + purpose, classLoader);
    }

    /** No thread can be started any more. Until Java 18 a group keeps its subgroups until they are destroyed. */
    @SuppressWarnings("removal")
    void close() {
        group.setDaemon(true); // once the last thread has ended, if one has not
        try {
            group.destroy();
        } catch (IllegalThreadStateException e) {
            LOG.debug("{} still has threads", name);
        }
    }
}
