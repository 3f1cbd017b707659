package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import java.lang.reflect.Constructor;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinPool.ForkJoinWorkerThreadFactory;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/**
 * Makes workers of the common pool that inherit nothing of the thread that happens to need one (no thread group, class
 * loader, thread locals or access control context) and forget their thread locals between tasks. From JDK 25 on the JVM
 * does so itself; JDK 17 leaves the application's group and access control context. Where the JDK's package is not
 * opened, the JVM's own workers are used.
 */
public final class CommonPoolThreads implements ForkJoinWorkerThreadFactory {

    private static final String PROPERTY = "java.util.concurrent.ForkJoinPool.common.threadFactory";

    private static final boolean USE_SYSTEM_CLASS_LOADER = true;
    private static final boolean CLEAR_THREAD_LOCALS = true;

    private static final Optional<InternalField> INHERITED =
            InternalField.field(Thread.class, "inheritableThreadLocals");
    private static final Optional<InternalField> ACCESS_CONTROL =
            InternalField.field(Thread.class, "inheritedAccessControlContext");

    private final ThreadGroup group = topmost();
    private final @Nullable Constructor<ForkJoinWorkerThread> constructor = constructor();

    /** Called by the common pool, which finds this class by its name. */
    public CommonPoolThreads() {}

    /** Installs the factory, unless the user has set another. Must run before anything uses the common pool. */
    public static void install() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, CommonPoolThreads.class.getName());
        }
    }

    @Override
    public ForkJoinWorkerThread newThread(ForkJoinPool pool) {
        if (constructor == null) {
            return ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        }
        try {
            ForkJoinWorkerThread thread =
                    constructor.newInstance(group, pool, USE_SYSTEM_CLASS_LOADER, CLEAR_THREAD_LOCALS);
            INHERITED.ifPresent(field -> field.set(thread, null)); // the thread has not been started
            ACCESS_CONTROL.ifPresent(field -> field.set(thread, null)); // JDK 17 does so itself when the thread begins
            return thread;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ThreadGroup topmost() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    /** Returns a constructor that is the same from JDK 17 to 25; the accessible ones differ. */
    private static @Nullable Constructor<ForkJoinWorkerThread> constructor() {
        try {
            Constructor<ForkJoinWorkerThread> constructor = ForkJoinWorkerThread.class.getDeclaredConstructor(
                    ThreadGroup.class, ForkJoinPool.class, boolean.class, boolean.class);
            return constructor.trySetAccessible() ? constructor : null;
        } catch (NoSuchMethodException e) {
            return null;
        }
    }
}
