package dev.supervisor.generation;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the threads of one generation: named after it, and with its class loader as their context. */
final class GenerationThreads implements ThreadFactory {

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

    private final String name;
    private final ClassLoader classLoader;
    private final AtomicInteger loops = new AtomicInteger();

    /** @param name of the generation, as {@code generation-7} */
    GenerationThreads(String name, ClassLoader classLoader) {
        this.name = name;
        this.classLoader = classLoader;
    }

    /** A thread for an event loop. */
    @Override
    public Thread newThread(Runnable task) {
        return prepared(new FastThreadLocalThread(task, name + "-loop-" + loops.incrementAndGet()));
    }

    /**
     * Runs a task of the application on a fresh thread and waits for it.
     *
     * @throws ExecutionException if the task threw
     * @throws StuckException if it did not return in time
     * @throws InterruptedException if the calling thread was interrupted; the task's is interrupted then too
     */
    <T> T call(String purpose, Callable<T> task, Duration timeout)
            throws ExecutionException, StuckException, InterruptedException {
        FutureTask<T> future = new FutureTask<>(task);
        Thread thread = prepared(new FastThreadLocalThread(future, name + "-" + purpose));
        thread.start();
        try {
            return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            StackTraceElement[] where = thread.getStackTrace();
            thread.interrupt();
            throw new StuckException(where);
        } catch (InterruptedException e) {
            thread.interrupt();
            throw e;
        }
    }

    private Thread prepared(Thread thread) {
        thread.setDaemon(true);
        thread.setContextClassLoader(classLoader);
        return thread;
    }
}
