package dev.supervisor.inspect;

import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The object that must be shut down or cancelled to end a thread: an executor, a timer, or the thread itself.
 *
 * @param object the holder, the same for all of its threads
 * @param subject the object that leads to the application's class behind it
 * @param kind the name of its type, as the application's author knows it
 * @param omission what the application has not done, as {@code was never shut down}
 * @param stop ends it, as far as it obeys
 */
public record ThreadHolder(Object object, Object subject, String kind, String omission, Runnable stop) {

    private static final String NEVER_SHUT_DOWN = "was never shut down";
    private static final String NEVER_STOPPED = "was never stopped";
    private static final String NEVER_CANCELLED = "was never cancelled";

    private static final String WORKER = "java.util.concurrent.ThreadPoolExecutor$Worker";

    private static final Optional<InternalField> POOL_OF_WORKER = InternalField.field(WORKER, "this$0");
    private static final Optional<InternalField> QUEUE_OF_TIMER = InternalField.field("java.util.TimerThread", "queue");
    private static final Optional<InternalField> TIMER_GOES_ON =
            InternalField.field("java.util.TimerThread", "newTasksMayBeScheduled");
    private static final Optional<InternalField> QUEUED = InternalField.field("java.util.TaskQueue", "size");
    private static final Optional<InternalField> WHEEL_OF_WORKER =
            InternalField.field("io.netty.util.HashedWheelTimer$Worker", "this$0");

    private static final String FACTORIES_OF_APPLICATIONS = "java.util.concurrent.Executors$";

    public static ThreadHolder of(Thread thread) {
        if (thread instanceof ForkJoinWorkerThread worker) {
            return executor(worker.getPool(), worker.getPool()::shutdownNow);
        }
        return ThreadTask.of(thread)
                .flatMap(ThreadHolder::ofTask)
                .or(() -> poolOf(thread))
                .or(() -> nettyExecutorOf(thread))
                .or(() -> timerOf(thread))
                .orElseGet(() -> new ThreadHolder(
                        thread, ThreadTask.of(thread).orElse(thread), kindOf(thread), NEVER_STOPPED, () -> {}));
    }

    private static ThreadHolder executor(Object executor, Runnable stop) {
        return new ThreadHolder(executor, executor, kindOf(executor), NEVER_SHUT_DOWN, stop);
    }

    private static String kindOf(Object object) {
        return object.getClass() == Thread.class ? "" : object.getClass().getName();
    }

    private static Optional<ThreadHolder> ofTask(Object task) {
        return switch (task.getClass().getName()) {
            case WORKER ->
                POOL_OF_WORKER
                        .map(field -> (ThreadPoolExecutor) field.get(task))
                        .map(pool -> executor(pool, pool::shutdownNow));
            case "io.netty.util.HashedWheelTimer$Worker" ->
                WHEEL_OF_WORKER
                        .map(field -> (HashedWheelTimer) field.get(task))
                        .map(timer -> new ThreadHolder(timer, timer, kindOf(timer), NEVER_STOPPED, timer::stop));
            default -> Optional.empty();
        };
    }

    /** Finds the pool of a worker within other tasks: an application may have a Netty of its own, which wraps tasks. */
    private static Optional<ThreadHolder> poolOf(Thread thread) {
        return ThreadTask.of(thread)
                .flatMap(task -> ReferenceWalk.of(task, object -> isWorker(object, thread)))
                .flatMap(ThreadHolder::ofTask);
    }

    private static boolean isWorker(Object object, Thread thread) {
        return object.getClass().getName().equals(WORKER)
                && InternalField.value(WORKER, "thread", object)
                        .filter(own -> own == thread)
                        .isPresent();
    }

    /** Finds the executor through the thread's task, which leads to it. */
    private static Optional<ThreadHolder> nettyExecutorOf(Thread thread) {
        return ThreadTask.of(thread)
                .flatMap(task -> ReferenceWalk.of(
                        task, object -> object instanceof EventExecutor executor && executor.inEventLoop(thread)))
                .map(executor -> ofExecutor((EventExecutor) executor));
    }

    private static ThreadHolder ofExecutor(EventExecutor executor) {
        EventExecutorGroup parent = executor.parent();
        EventExecutorGroup group = parent == null ? executor : parent;
        return executor(
                group, () -> group.shutdownGracefully(0, 0, TimeUnit.SECONDS).addListener(ended -> {}));
    }

    private static Optional<ThreadHolder> timerOf(Thread thread) {
        return thread.getClass().getName().equals("java.util.TimerThread")
                ? QUEUE_OF_TIMER
                        .map(field -> field.get(thread))
                        .map(queue -> new ThreadHolder(
                                thread, queue, "java.util.Timer", NEVER_CANCELLED, () -> cancelTimer(thread, queue)))
                : Optional.empty();
    }

    /** Does what {@link java.util.Timer#cancel} does, since the thread does not lead to its timer. */
    private static void cancelTimer(Thread timer, Object queue) {
        synchronized (queue) {
            TIMER_GOES_ON.ifPresent(field -> field.set(timer, false));
            QUEUED.ifPresent(field -> field.set(queue, 0));
            queue.notifyAll();
        }
    }

    /**
     * Returns whether the JDK keeps the holder for the whole JVM, and the generation happened to be the first to need
     * it: nothing of it leads to the generation, and it was not made in the way in which applications make theirs.
     */
    boolean isOfTheJvm(Owner owner) {
        if (isService()) {
            return true;
        }
        if (owner.owns(object) || owner.reaches(subject)) {
            return false;
        }
        if (object instanceof ThreadPoolExecutor pool) {
            return !pool.getThreadFactory().getClass().getName().startsWith(FACTORIES_OF_APPLICATIONS);
        }
        return object instanceof Thread && !isIdleTimer();
    }

    /**
     * Returns whether the object is a service of the JDK, such as the pool of threads that wait for child processes,
     * even if it leads to a process of the application.
     */
    private boolean isService() {
        if (object instanceof Thread thread) {
            return JdkServices.isThread(thread);
        }
        return object.getClass() == ThreadPoolExecutor.class
                && JdkServices.isService(
                        ((ThreadPoolExecutor) object).getThreadFactory().getClass());
    }

    private boolean isIdleTimer() {
        return omission.equals(NEVER_CANCELLED)
                && QUEUED.filter(field -> Objects.equals(field.get(subject), 0)).isPresent();
    }
}
