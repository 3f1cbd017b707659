package dev.supervisor.inspect;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells what belongs to one generation: its classes, their instances, and its threads. Holds on to the class loader, so
 * it has to be dropped when the generation has ended. Thread-safe.
 */
public final class Owner {

    private final String name;
    private final ClassLoader loader;
    private final ThreadGroup threads;

    /**
     * @param name of the generation, as {@code generation 7}
     * @param loader of all its classes; what it has made class loaders for with this one as an ancestor is its own, too
     * @param threads the group that its threads were started in, and those that they have started
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

    /** Whether it is an instance of one of its classes, one of its classes, or one of its class loaders. */
    public boolean owns(@Nullable Object object) {
        return owns(loader, object);
    }

    /** The same for the generation of a class loader. */
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

    /** Whether it belongs to it, or leads to something that does by a few strong references. */
    public boolean reaches(@Nullable Object object) {
        return ReferenceWalk.of(object, this::owns).isPresent();
    }

    /** The name of the first class of its own that the object leads to, for messages. */
    public String ownClassBehind(@Nullable Object object) {
        return findOwnClassBehind(object).orElse("unknown");
    }

    /** Nothing if it leads to none, any more: others may be changing it. */
    Optional<String> findOwnClassBehind(@Nullable Object object) {
        return ReferenceWalk.of(object, this::owns)
                .map(found -> found instanceof Class<?> type ? type : found.getClass())
                .map(SourceName::of);
    }
}
