package dev.supervisor.inspect;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells what belongs to one generation: its classes, their instances, and its threads. Holds the class loader, so it
 * must be dropped when the generation has ended. Thread-safe.
 */
public final class Owner {

    private final String name;
    private final ClassLoader loader;
    private final ThreadGroup threads;

    /**
     * @param name of the generation, as {@code generation 7}
     * @param loader loads all its classes; class loaders with this one as an ancestor belong to the generation, too
     * @param threads the group of its threads, and of the threads that they have started
     */
    public Owner(String name, ClassLoader loader, ThreadGroup threads) {
        this.name = name;
        this.loader = loader;
        this.threads = threads;
    }

    public String name() {
        return name;
    }

    public ClassLoader loader() {
        return loader;
    }

    public ThreadGroup threads() {
        return threads;
    }

    /** Returns whether the object is one of its classes, an instance of one, or one of its class loaders. */
    public boolean owns(@Nullable Object object) {
        return owns(loader, object);
    }

    /** Like {@link #owns(Object)}, for the generation of a class loader. */
    public static boolean owns(ClassLoader loader, @Nullable Object object) {
        if (object == null) {
            return false;
        }
        if (object instanceof Class<?> type) {
            return ownsClass(loader, type);
        }
        return ownsClass(loader, object.getClass())
                || (object instanceof ClassLoader child && ownsLoader(loader, child));
    }

    public boolean ownsClass(Class<?> type) {
        return ownsClass(loader, type);
    }

    private static boolean ownsClass(ClassLoader loader, Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return ownsLoader(loader, element.getClassLoader());
    }

    public boolean ownsLoader(@Nullable ClassLoader other) {
        return ownsLoader(loader, other);
    }

    private static boolean ownsLoader(ClassLoader loader, @Nullable ClassLoader other) {
        for (ClassLoader ancestor = other; ancestor != null; ancestor = ancestor.getParent()) {
            if (ancestor == loader) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the object belongs to the generation, or leads to one that does by a few strong references. */
    public boolean reaches(@Nullable Object object) {
        return ReferenceWalk.of(object, this::owns).isPresent();
    }

    /** Returns the name of the generation's first class that the object leads to, for messages. */
    public String ownClassBehind(@Nullable Object object) {
        return findOwnClassBehind(object).orElse("unknown");
    }

    /** Returns empty if the object leads to none, or no longer: other threads may be changing it. */
    Optional<String> findOwnClassBehind(@Nullable Object object) {
        return ReferenceWalk.of(object, this::owns)
                .map(found -> found instanceof Class<?> type ? type : found.getClass())
                .map(SourceName::of);
    }
}
