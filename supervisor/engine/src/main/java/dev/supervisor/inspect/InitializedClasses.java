package dev.supervisor.inspect;

import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells whether a class of the JDK has been used yet: a place that does not exist has nothing left in it. */
public final class InitializedClasses {

    private static final Optional<InternalField> UNSAFE = InternalField.field("jdk.internal.misc.Unsafe", "theUnsafe");

    private InitializedClasses() {}

    /**
     * Returns false if the class is unused or does not exist; true if it has been used, or that can't be seen.
     * Initializes nothing.
     */
    public static boolean maybe(String className) {
        try {
            return maybe(Class.forName(className, false, InitializedClasses.class.getClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) { // a runtime without that module
            return false;
        }
    }

    private static boolean maybe(Class<?> type) {
        Object unsafe = UNSAFE.map(InternalField::get).orElse(null);
        return unsafe == null || !shouldBeInitialized(unsafe, type);
    }

    private static boolean shouldBeInitialized(Object unsafe, Class<?> type) {
        try {
            Method method = unsafe.getClass().getMethod("shouldBeInitialized", Class.class);
            method.setAccessible(true);
            @Nullable Object answer = method.invoke(unsafe, type);
            return Boolean.TRUE.equals(answer);
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
