package dev.supervisor.swap;

import dev.supervisor.process.SupervisorThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of a {@link SwapLoop}, to which all other threads hand over what they want of the loop. Thread-safe. */
final class LoopThread implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(LoopThread.class);

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "supervisor");
        thread.setDaemon(true);
        return thread;
    });

    private volatile boolean stopped;

    /** Runs an action on the thread, unless the loop has stopped by then. */
    void post(Runnable action) {
        post(action, () -> {});
    }

    /** @param stopped run instead if the loop has stopped, on its thread or the caller's */
    void post(Runnable action, Runnable stopped) {
        try {
            executor.execute(() -> SupervisorThreads.run(this.stopped ? stopped : action));
        } catch (RejectedExecutionException e) {
            LOG.debug("too late: the supervisor has stopped", e);
            stopped.run();
        }
    }

    /**
     * Runs a task on the thread, also after the loop has stopped.
     *
     * @throws RejectedExecutionException after {@link #end}
     */
    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Runs an action on the thread after a delay, unless the loop has stopped by then. */
    ScheduledFuture<?> after(Duration delay, Runnable action) {
        return executor.schedule(() -> post(action), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Completes when the thread has done all that it had to do before. */
    CompletableFuture<@Nullable Void> respond() {
        return CompletableFuture.runAsync(() -> {}, executor);
    }

    /** Runs the loop's last action on the thread, and waits for it. */
    void stop(Runnable last) {
        CompletableFuture.runAsync(
                        () -> {
                            stopped = true;
                            SupervisorThreads.run(last);
                        },
                        executor)
                .join();
    }

    boolean isStopped() {
        return stopped;
    }

    /** Ends the thread, and waits for its end. */
    void end() {
        executor.shutdown();
        SupervisorThreads.awaitTermination(executor);
    }
}
