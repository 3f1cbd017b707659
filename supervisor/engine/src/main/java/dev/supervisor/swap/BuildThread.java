package dev.supervisor.swap;

import dev.supervisor.Problem;
import dev.supervisor.process.SupervisorThreads;
import dev.supervisor.swap.GenerationFactory.Outcome;
import dev.supervisor.unload.Metaspace;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The making of generations, on a thread of its own. Methods may be called from any other. */
final class BuildThread {

    private static final Logger LOG = LoggerFactory.getLogger(BuildThread.class);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final GenerationFactory job;
    private final Consumer<Metaspace.Low> onLow;
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread made = new Thread(task, "supervisor-build");
                made.setDaemon(true);
                return made;
            });

    /** Made in advance, since that needs memory. */
    private final Outcome noMemory = new GenerationFactory.Failed(
            Problem.of("can't make a generation (see the log; is there too little memory?)"));

    /** Belongs to the thread. */
    private final Metaspace metaspace = new Metaspace();

    /** @param onLow called on the thread when the memory for classes runs low */
    BuildThread(GenerationFactory job, Consumer<Metaspace.Low> onLow) {
        this.job = job;
        this.onLow = onLow;
        thread.prestartAllCoreThreads(); // later there may be no thread to be had
    }

    /**
     * Makes the next generation. Reports an outcome whatever goes wrong, even without memory, unless {@link #stop} was
     * called.
     *
     * @param work makes it; called on the thread
     * @param done called on the thread with the outcome; called again if it throws an OutOfMemoryError
     */
    void begin(Function<GenerationFactory, Outcome> work, Consumer<Outcome> done) {
        try {
            thread.execute(() -> tell(outcomeOf(work), done));
        } catch (RejectedExecutionException e) {
            LOG.debug("too late: the supervisor is stopping", e);
        }
    }

    private Outcome outcomeOf(Function<GenerationFactory, Outcome> work) {
        try {
            lookAtMetaspace();
            return work.apply(job);
        } catch (Throwable e) {
            SupervisorThreads.run(() -> LOG.error("can't make a generation", e));
            return noMemory;
        }
    }

    /** An outcome that is lost would leave the gates shut for good. */
    private void tell(Outcome outcome, Consumer<Outcome> done) {
        while (true) {
            try {
                done.accept(outcome);
                return;
            } catch (RejectedExecutionException e) { // it has been stopped
                return;
            } catch (OutOfMemoryError e) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void lookAtMetaspace() {
        SupervisorThreads.run(() -> metaspace.look().ifPresent(onLow));
    }

    /** Interrupts the work that is under way, and begins no other. */
    void stop() {
        thread.shutdownNow();
    }

    /**
     * Waits for the end of the thread, after {@link #stop}: the interrupted work may still have to end the generation
     * that it was making.
     */
    void awaitEnd() {
        SupervisorThreads.awaitTermination(thread);
    }
}
