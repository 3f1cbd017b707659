package dev.supervisor.generation;

import dev.supervisor.inspect.GenerationThread;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reserve threads, which are started before they are needed. An application may use up all threads that the system
 * allows; the reserve is then enough to end its generation and to start the next one. Each runs one task and ends.
 * Thread-safe.
 */
final class SpareThreads {

    /** Two for the end of one generation, since one of its tasks may hang, and one for the start of the next. */
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

    /** Starts the missing threads, as many as the system allows at the moment. Called on a thread of the supervisor. */
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
     * Runs a task on a spare thread.
     *
     * @param name the thread's name during the task
     * @param context the thread's context class loader during the task
     * @return whether there was a spare thread
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
