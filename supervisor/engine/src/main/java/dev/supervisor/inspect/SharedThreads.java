package dev.supervisor.inspect;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The live platform threads, and the subset that runs code of no generation in particular. */
public final class SharedThreads {

    private static final String HOOKS_CLASS = "java.lang.ApplicationShutdownHooks";
    private static final Optional<InternalField> HOOKS = InternalField.field(HOOKS_CLASS, "hooks");
    private static final Object HOOKS_LOCK = hooksLock();

    private SharedThreads() {}

    private static Object hooksLock() {
        try {
            return Class.forName(HOOKS_CLASS);
        } catch (ClassNotFoundException e) { // a JDK without it
            return new Object();
        }
    }

    /**
     * Returns the threads that outlive the generation. Some may be in its group: threads of the JDK and of Netty, which
     * a thread of the generation happened to start.
     */
    public static List<Thread> besides(Owner owner) {
        return Stream.concat(all(), hooks())
                .filter(thread -> !isOf(owner, thread) || isForeign(owner, thread))
                .toList();
    }

    /** Returns the shutdown hooks: they are not alive yet, but have inherited as much. */
    private static Stream<Thread> hooks() {
        if (HOOKS.isPresent() && HOOKS.get().get() instanceof Map<?, ?> hooks) {
            synchronized (HOOKS_LOCK) { // as the JDK does
                return List.copyOf(hooks.keySet()).stream().map(Thread.class::cast);
            }
        }
        return Stream.empty(); // the JVM is shutting down
    }

    /** Whether a thread in the generation's group is not known to run its code. */
    private static boolean isForeign(Owner owner, Thread thread) {
        return thread != Thread.currentThread()
                && !owner.owns(thread)
                && (JdkServices.isThread(thread)
                        || JdkServices.isHook(thread)
                        || !owner.reaches(ThreadTask.of(thread).orElse(null)));
    }

    /** Whether the thread was started by a thread of the generation. */
    public static boolean isOf(Owner owner, Thread thread) {
        ThreadGroup group = thread.getThreadGroup(); // null when the thread has ended
        return group != null && owner.threads().parentOf(group);
    }

    /** Returns all live threads, including the JDK's own, which are in groups below the topmost. */
    public static Stream<Thread> all() {
        ThreadGroup top = Thread.currentThread().getThreadGroup();
        while (top.getParent() != null) {
            top = top.getParent();
        }
        Thread[] threads = new Thread[top.activeCount() + 16];
        int count = top.enumerate(threads);
        while (count == threads.length) { // there may be more
            threads = new Thread[threads.length * 2];
            count = top.enumerate(threads);
        }
        return Arrays.stream(threads, 0, count);
    }
}
