package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import dev.supervisor.inspect.ThreadContainers;
import dev.supervisor.inspect.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads of the generation, which belong to no thread group, and which its executors need not wait for. They
 * are interrupted, and waited for.
 */
public final class VirtualThreads implements SharedPlace {

    private static final Optional<InternalField> CONTINUATION = InternalField.field("java.lang.VirtualThread", "cont");

    private final Duration patience;

    VirtualThreads(Duration patience) {
        this.patience = patience;
    }

    @Override
    public List<String> clear(Owner owner) throws InterruptedException {
        List<Thread> own = of(owner).toList();
        own.forEach(Thread::interrupt);
        await(own);
        return own.stream().map(thread -> describe(owner, thread)).toList();
    }

    /** Returns the generation's virtual threads that are alive. */
    public static Stream<Thread> of(Owner owner) {
        return ThreadContainers.virtualThreads().filter(thread -> isOwn(owner, thread));
    }

    private static boolean isOwn(Owner owner, Thread thread) {
        return owner.ownsLoader(thread.getContextClassLoader()) || owner.reaches(taskOf(thread));
    }

    /** Returns the continuation, which leads to the thread's task; the frames on its stack can't be seen. */
    private static @Nullable Object taskOf(Thread thread) {
        return CONTINUATION.map(field -> field.get(thread)).orElse(null);
    }

    private void await(List<Thread> threads) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (Thread thread : threads) {
            long remaining = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            thread.join(Math.max(1, remaining));
        }
    }

    private static String describe(Owner owner, Thread thread) {
        String subject = "virtual thread \"" + thread.getName() + "\"" + Threads.ofClass(owner, taskOf(thread));
        StackTraceElement[] stack = thread.getStackTrace();
        return thread.isAlive()
                ? subject + " was still running, and does not end when it is interrupted: "
                        + Threads.where(owner.loader(), stack)
                : subject + " was still running: it was interrupted and has ended";
    }
}
