package dev.supervisor.generation;

import dev.supervisor.Problem;
import dev.supervisor.inspect.GenerationThread;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the threads of one generation: named after it, and with its class loader as their context. */
final class GenerationThreads implements ThreadFactory {

    private static final Logger LOG = LoggerFactory.getLogger(GenerationThreads.class);

    /** Thrown when a task did not return in time. Its thread has been interrupted. */
    static final class StuckException extends Exception {

        private static final long serialVersionUID = 1L;
        private final transient Optional<Thread> thread;
        private final transient StackTraceElement[] where;

        StuckException(Optional<Thread> thread, StackTraceElement[] where) {
            this.thread = thread;
            this.where = where;
        }

        /** Returns the task's thread; empty if it has not even begun. */
        Optional<Thread> thread() {
            return thread;
        }

        /** Returns the stack of the thread when the time was over. */
        StackTraceElement[] where() {
            return where;
        }
    }

    /** Thrown when a task failed. Does not hold the task's exception, whose methods are code of the application. */
    static final class FailedException extends Exception {

        private static final long serialVersionUID = 1L;
        private final transient Problem problem;

        FailedException(Problem problem) {
            super(problem.summary());
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }

    /** Replaces an exception of the application that could not be described. */
    private static final class SilentException extends Exception {

        private static final long serialVersionUID = 1L;

        SilentException(Throwable failure) {
            super(failure.getClass().getName() + ", which does not say why", null, false, false);
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // its own type says nothing
        public String toString() {
            return String.valueOf(getMessage());
        }
    }

    private final String name;
    private final ClassLoader classLoader;
    private final ThreadGroup group;
    private final AtomicInteger loopsMade = new AtomicInteger();
    private final Limits limits;

    /**
     * The limits of the system.
     *
     * @param starter starts a thread, or throws an {@link OutOfMemoryError}
     * @param spare runs the tasks for which no thread can be started
     * @param describedWithin how long an exception of the application may take to describe itself
     */
    record Limits(Consumer<Thread> starter, SpareThreads spare, Duration describedWithin) {
        static final Limits USUAL = new Limits(Thread::start, SpareThreads.SHARED, Duration.ofSeconds(2));
    }

    /** @param name the generation's name, as {@code generation-7} */
    GenerationThreads(String name, ClassLoader classLoader) {
        this(name, classLoader, Limits.USUAL);
    }

    GenerationThreads(String name, ClassLoader classLoader, Limits limits) {
        this.name = name;
        this.classLoader = classLoader;
        this.group = new ThreadGroup(name);
        this.limits = limits;
    }

    /** Returns the thread group. Most threads that the application starts are in it too, since they inherit it. */
    ThreadGroup group() {
        return group;
    }

    /** Makes a thread for an event loop. */
    @Override
    public Thread newThread(Runnable task) {
        return thread(task, "loop-" + loopsMade.incrementAndGet());
    }

    /**
     * Runs a task of the application on a new thread and waits for it. An exception of the task is described on that
     * thread, too.
     *
     * @param purpose the last part of the thread's name
     * @param describe describes an exception of the task. If that fails or takes too long, it is called on the caller's
     *     thread with a replacement
     * @throws FailedException if the task threw
     * @throws StuckException if the task did not return in time
     * @throws InterruptedException if the calling thread was interrupted; the task's thread is then interrupted, too
     * @throws OutOfMemoryError if no thread can be started, and there is no spare one
     */
    <T> T call(String purpose, Callable<T> task, Duration timeout, Function<Throwable, Problem> describe)
            throws FailedException, StuckException, InterruptedException {
        return call(purpose, task, timeout, describe, UnaryOperator.identity(), () -> {});
    }

    /**
     * Does the same as {@link #call(String, Callable, Duration, Function)}.
     *
     * @param worker returns the thread that does the task's work, of the thread that waits for it: what is stuck is that one
     * @param meanwhile runs on the caller's thread while the task runs; if it throws, the task is interrupted
     */
    <T> T call(
            String purpose,
            Callable<T> task,
            Duration timeout,
            Function<Throwable, Problem> describe,
            UnaryOperator<Thread> worker,
            Runnable meanwhile)
            throws FailedException, StuckException, InterruptedException {
        Call<T> call = new Call<>(task, describe, worker);
        start(call, purpose);
        try {
            meanwhile.run();
            return call.outcome(timeout, limits.describedWithin());
        } catch (InterruptedException | RuntimeException | Error e) {
            call.interrupt();
            throw e;
        }
    }

    private void start(Call<?> call, String purpose) {
        try {
            limits.starter().accept(thread(call, purpose));
        } catch (OutOfMemoryError e) { // the limit of threads, mostly
            if (!limits.spare().run(call, name + "-" + purpose, classLoader)) {
                throw e;
            }
        }
    }

    /**
     * One run of a task. The objects that a failure needs are made before the task runs, which may use up all memory.
     */
    private static final class Call<T> implements Runnable {

        private final Callable<T> task;
        private final Function<Throwable, Problem> describe;
        private final UnaryOperator<Thread> worker;
        private final CountDownLatch ended = new CountDownLatch(1);
        private final CountDownLatch described = new CountDownLatch(1);
        private volatile @Nullable Thread thread;
        private volatile boolean interrupted;
        private volatile @Nullable T value;
        private volatile @Nullable Throwable failure;
        private volatile @Nullable Problem problem;

        Call(Callable<T> task, Function<Throwable, Problem> describe, UnaryOperator<Thread> worker) {
            this.task = task;
            this.describe = describe;
            this.worker = worker;
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            if (interrupted) {
                interrupt();
            }
            try {
                value = task.call();
            } catch (Throwable e) { // an Error of the application fails this task only, too
                failure = e;
            }
            ended.countDown();
            if (failure != null) {
                describe(failure);
            }
        }

        private void describe(Throwable thrown) {
            try {
                problem = describe.apply(thrown);
            } catch (Throwable e) { // a description of this exception would fail as well
                LOG.debug("a failure can't be described");
            } finally {
                described.countDown();
            }
        }

        T outcome(Duration timeout, Duration describedWithin)
                throws FailedException, StuckException, InterruptedException {
            if (!ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                Optional<Thread> running = Optional.ofNullable(thread).map(worker);
                StackTraceElement[] where = running.map(Thread::getStackTrace).orElse(new StackTraceElement[0]);
                interrupt();
                throw new StuckException(running, where);
            }
            Throwable thrown = failure;
            if (thrown == null) {
                return Objects.requireNonNull(value);
            }
            boolean inTime = described.await(describedWithin.toNanos(), TimeUnit.NANOSECONDS);
            Problem told = inTime ? problem : null; // not a late one, which an interrupt may spoil
            if (!inTime) {
                interrupt();
            }
            throw new FailedException(told == null ? describe.apply(new SilentException(thrown)) : told);
        }

        void interrupt() {
            interrupted = true;
            Thread running = thread;
            if (running != null) {
                running.interrupt();
            }
        }
    }

    private Thread thread(Runnable task, String purpose) {
        return new GenerationThread(group, task, name + "-" + purpose, classLoader);
    }

    /**
     * Destroys the thread group: no thread can be started in it any more. Until Java 18, a group keeps its subgroups
     * until they are destroyed.
     */
    @SuppressWarnings("removal")
    void close() {
        group.setDaemon(true); // if a thread still runs, the group is destroyed when the last one ends
        try {
            group.destroy();
        } catch (IllegalThreadStateException e) {
            LOG.debug("{} still has threads", name);
        }
    }
}
