package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import java.lang.reflect.Constructor;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinPool.ForkJoinWorkerThreadFactory;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/**
 * Makes the common pool's workers so that they inherit nothing of whoever happens to need one: no thread group, class
 * loader, thread locals or access control context, and forget their thread locals between tasks. Since JDK 25 the JVM does
 * so itself; JDK 17 leaves the application's group and access control context. Where the JDK's package is not opened,
 * the workers are those of the JVM.
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

    /** For the common pool, which finds it by its name. */
    public CommonPoolThreads() {}

    /** Has to come before anything uses the common pool. A factory of the user's stays. */
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
            INHERITED.ifPresent(field -> field.set(thread, null)); // it has not been started
            ACCESS_CONTROL.ifPresent(field -> field.set(thread, null)); // JDK 17 does so itself when it begins
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

    /** The same from JDK 17 to 25; those that are not private differ. */
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
