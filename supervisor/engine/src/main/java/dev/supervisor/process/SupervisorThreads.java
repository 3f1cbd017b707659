package dev.supervisor.process;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and runs threads of the supervisor's own, so that they survive a bug. */
public final class SupervisorThreads {

    private static final Logger LOG = LoggerFactory.getLogger(SupervisorThreads.class);
    private static final long TERMINATION_SECONDS = 30;

    private SupervisorThreads() {}

    public static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.error("the supervisor itself has failed, and goes on (please report this)", e);
        }
    }

    /**
     * Makes a daemon thread of the supervisor. Uncaught exceptions are logged here, since the JVM's default handler may
     * be an application's.
     */
    public static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((failed, e) ->
                LOG.error("the thread {} of the supervisor has failed (please report this)", failed.getName(), e));
        return thread;
    }

    /** Sleeps the whole duration in spite of interrupts: an application may interrupt all threads that it finds. */
    public static void sleep(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long rest = duration.toNanos(); rest > 0; rest = end - System.nanoTime()) {
            LockSupport.parkNanos(rest);
            Thread.interrupted();
        }
    }

    public static void awaitTermination(ExecutorService executor) {
        try {
            if (!executor.awaitTermination(TERMINATION_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a thread of the supervisor does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
