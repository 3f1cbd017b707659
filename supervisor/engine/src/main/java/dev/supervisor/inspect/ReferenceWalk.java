package dev.supervisor.inspect;

import io.netty.util.concurrent.EventExecutorGroup;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A short breadth-first walk along strong references, as a collector would go. It reads fields and calls no foreign
 * code, so it may be used on objects that other threads are changing; it may miss something then. It stops at class
 * loaders, classes, threads and shared executors: from there all of the JVM can be reached.
 */
public final class ReferenceWalk {

    /** Enough for a task in its wrappers, or a map in a thread local; the heap may be large. */
    private static final int MAX_OBJECTS = 2_000;

    private ReferenceWalk() {}

    /** Returns the nearest wanted object, which may be the start. */
    public static Optional<Object> of(@Nullable Object start, Predicate<Object> wanted) {
        if (start == null) {
            return Optional.empty();
        }
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> toVisit = new ArrayDeque<>();
        seen.add(start);
        toVisit.add(start);
        while (!toVisit.isEmpty()) {
            Object object = toVisit.remove();
            if (wanted.test(object)) {
                return Optional.of(object);
            }
            if (isBoundary(object)) {
                continue;
            }
            for (Object next : referencesOf(object)) {
                if (seen.size() < MAX_OBJECTS && seen.add(next)) {
                    toVisit.add(next);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isBoundary(Object object) {
        return object instanceof ClassLoader
                || object instanceof Class
                || object instanceof Module
                || object instanceof Thread
                || object instanceof ThreadGroup
                || object instanceof Reference // most are weak, and lead to the JDK's own queues
                || object instanceof EventExecutorGroup // an executor of the supervisor's serves all generations
                || SharedExecutors.contains(object)
                || isOfTheSupervisor(object.getClass()); // which knows all generations
    }

    private static boolean isOfTheSupervisor(Class<?> type) {
        return type.getClassLoader() == ReferenceWalk.class.getClassLoader()
                && type.getName().startsWith("dev.supervisor.");
    }

    private static List<Object> referencesOf(Object object) {
        List<Object> references = new ArrayList<>();
        if (object instanceof Object[] array) {
            for (Object element : array) {
                addTo(references, element);
            }
            return references;
        }
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : fieldsOf(type)) {
                addTo(references, valueOf(field, object));
            }
        }
        return references;
    }

    private static void addTo(List<Object> references, @Nullable Object value) {
        if (value != null) {
            references.add(value);
        }
    }

    private static Field[] fieldsOf(Class<?> type) {
        try {
            return type.getDeclaredFields();
        } catch (LinkageError e) { // a class of the application lacks another
            return new Field[0];
        }
    }

    private static @Nullable Object valueOf(Field field, Object object) {
        if (Modifier.isStatic(field.getModifiers()) || field.getType().isPrimitive()) {
            return null;
        }
        try {
            return field.trySetAccessible() ? field.get(object) : null;
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            return null;
        }
    }
}
