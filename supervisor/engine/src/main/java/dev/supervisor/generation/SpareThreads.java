package dev.supervisor.generation;

import dev.supervisor.inspect.GenerationThread;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that exist before they are needed. An application may use up all threads that the system allows; a few are
 * left then to end its generation and to start the next one. Each runs one task and ends. Thread-safe.
 */
final class SpareThreads {

    /** For the end of one generation, of which one task may hang, and the start of the next. */
    private static final int COUNT = 3;

    static final SpareThreads SHARED = new SpareThreads(
            COUNT,
            task -> new GenerationThread(
                    Thread.currentThread().getThreadGroup(),
                    task,
                    "supervisor-spare",
                    SpareThreads.class.getClassLoader()));

    private final int count;
    private final ThreadFactory factory;
    private final SynchronousQueue<Runnable> tasks = new SynchronousQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    SpareThreads(int count, ThreadFactory factory) {
        this.count = count;
        this.factory = factory;
    }

    /** Starts those that are missing, as far as that is possible at the moment. On a thread of the supervisor. */
    synchronized void fill() {
        while (waiting.get() < count) {
            try {
                factory.newThread(this::await).start();
            } catch (OutOfMemoryError e) { // the limit of threads
                return;
            }
            waiting.incrementAndGet();
        }
    }

    private void await() {
        Runnable task;
        try {
            task = tasks.take();
        } catch (InterruptedException e) { // by an application that interrupts all threads that it finds
            return;
        } finally {
            waiting.decrementAndGet();
        }
        task.run();
    }

    /**
     * Has a spare thread run a task.
     *
     * @return whether there was one
     */
    boolean run(Runnable task, String name, ClassLoader context) {
        return tasks.offer(() -> {
            Thread thread = Thread.currentThread();
            thread.setName(name);
            thread.setContextClassLoader(context);
            task.run();
        });
    }
}
