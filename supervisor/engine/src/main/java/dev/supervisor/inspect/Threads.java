package dev.supervisor.inspect;

import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/** Finds a generation's threads, and describes the code that they run. Platform threads only. */
public final class Threads {

    private Threads() {}

    /** Returns the live threads that the generation's application has started. */
    public static List<Thread> startedBy(Owner owner) {
        return SharedThreads.all()
                .filter(thread -> !(thread instanceof GenerationThread) && !isShared(thread))
                .filter(thread -> belongsTo(owner, thread))
                .filter(thread -> !ThreadHolder.of(thread).isOfTheJvm(owner))
                .toList();
    }

    public static boolean belongsTo(Owner owner, Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return (group != null && owner.threads().parentOf(group))
                || owner.owns(thread)
                || owner.ownsLoader(contextOf(thread))
                || ThreadTask.of(thread).filter(owner::owns).isPresent();
    }

    /** Returns the context class loader; null if a thread class of the application's throws. */
    public static @Nullable ClassLoader contextOf(Thread thread) {
        try {
            return thread.getContextClassLoader();
        } catch (Throwable e) {
            return null;
        }
    }

    /** Whether it is a thread of a shared executor, which is in the group of the thread that first needed it. */
    private static boolean isShared(Thread thread) {
        return GlobalEventExecutor.INSTANCE.inEventLoop(thread)
                || (thread instanceof ForkJoinWorkerThread worker && worker.getPool() == ForkJoinPool.commonPool());
    }

    /** Returns {@code " of com.acme.Poller"}, the application's class behind the subject; empty if there is none. */
    public static String ofClass(Owner owner, @Nullable Object subject) {
        return owner.findOwnClassBehind(subject).map(name -> " of " + name).orElse("");
    }

    /**
     * Returns where a thread is, as {@code at com.acme.Poller.run(Poller.java:10)}: the application's top frame, if
     * known.
     */
    public static String where(@Nullable ClassLoader loader, StackTraceElement[] stack) {
        String name = loader == null ? null : loader.getName();
        return Arrays.stream(stack)
                .filter(frame -> name != null && name.equals(frame.getClassLoaderName()))
                .findFirst()
                .or(() -> Arrays.stream(stack).findFirst())
                .map(frame -> "at " + withoutLoader(frame))
                .orElse("ending");
    }

    private static String withoutLoader(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                + frame.getLineNumber() + ")";
    }
}
