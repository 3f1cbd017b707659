package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.ReferenceWalk;
import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Reads the delayed tasks of the common pool, from JDK 25 on. Their heap is only a local variable of the pool's
 * scheduler thread. So that thread runs a task, which finds the variable further down its own stack: the JDK can show
 * the local variables of a stack to its own thread.
 */
final class DelayHeap {

    private static final String THREAD = "java.util.concurrent.DelayScheduler";

    private static final Optional<InternalField> SCHEDULER = InternalField.field(ForkJoinPool.class, "delayScheduler");
    private static final Optional<InternalField> ACTIVE = InternalField.field(THREAD, "active");
    private static final Optional<InternalField> SIZE_AT_REST = InternalField.field(THREAD, "restingSize");

    private DelayHeap() {}

    /**
     * Returns the delayed tasks.
     *
     * @throws java.util.concurrent.TimeoutException if the thread does not respond: a task blocks it, though only short
     *     ones may run there
     */
    static Object[] tasks(Duration patience) throws Exception {
        if (isEmpty()) {
            return new Object[0];
        }
        FutureTask<Object[]> asking = new FutureTask<>(DelayHeap::ofCurrentThread);
        CompletableFuture.delayedExecutor(1, TimeUnit.NANOSECONDS, Runnable::run)
                .execute(asking);
        Object[] tasks = asking.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        return Arrays.stream(tasks).filter(task -> !isFor(asking, task)).toArray();
    }

    /**
     * Whether a heap entry is the query itself, which stays in the heap until it has returned, and leads to its result.
     */
    private static boolean isFor(FutureTask<?> asking, Object task) {
        return ReferenceWalk.of(task, object -> object == asking).isPresent();
    }

    private static boolean isEmpty() {
        Optional<Object> scheduler = SCHEDULER.map(field -> field.get(ForkJoinPool.commonPool()));
        return scheduler.isEmpty() || (isZero(ACTIVE, scheduler.get()) && isZero(SIZE_AT_REST, scheduler.get()));
    }

    private static boolean isZero(Optional<InternalField> field, Object object) {
        return field.map(internal -> internal.get(object)).equals(Optional.of(0));
    }

    private static Object[] ofCurrentThread() throws ReflectiveOperationException {
        Class<?> live = Class.forName("java.lang.LiveStackFrame");
        Method walker = accessible(live.getDeclaredMethod("getStackWalker"));
        Method locals = accessible(live.getDeclaredMethod("getLocals"));
        Optional<StackFrame> loop = ((StackWalker) walker.invoke(null)).walk(DelayHeap::loop);
        return loop.isEmpty() ? new Object[0] : heapIn((Object[]) locals.invoke(loop.get()));
    }

    private static Method accessible(Method method) {
        method.setAccessible(true);
        return method;
    }

    private static Optional<StackFrame> loop(Stream<StackFrame> frames) {
        return frames.filter(frame -> frame.getClassName().equals(THREAD)
                        && frame.getMethodName().equals("loop"))
                .findFirst();
    }

    private static Object[] heapIn(Object[] locals) {
        return Arrays.stream(locals)
                .filter(Object[].class::isInstance)
                .flatMap(heap -> Arrays.stream((Object[]) heap))
                .filter(Objects::nonNull)
                .toArray();
    }
}
