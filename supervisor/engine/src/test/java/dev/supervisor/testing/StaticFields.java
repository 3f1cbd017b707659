package dev.supervisor.testing;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A scan of all static fields of the JDK's classes for ways to an application that lead through objects of the JDK only.
 * It finds what no list of known places has.
 */
public final class StaticFields {

    private static final Object UNSAFE;
    private static final MethodHandle STATIC_BASE;
    private static final MethodHandle STATIC_OFFSET;
    private static final MethodHandle OFFSET;
    private static final MethodHandle VALUE;

    static {
        try { // reflection reads no fields of packages that are not opened
            Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
            UNSAFE = type.getMethod("getUnsafe").invoke(null);
            STATIC_BASE = handle(type, "staticFieldBase", Field.class);
            STATIC_OFFSET = handle(type, "staticFieldOffset", Field.class);
            OFFSET = handle(type, "objectFieldOffset", Field.class);
            VALUE = handle(type, "getReference", Object.class, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String loaderName;
    private final Map<Class<?>, List<Long>> offsets = new ConcurrentHashMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<String> found = new ArrayList<>();

    private record Step(Object object, @Nullable Step from) {}

    private StaticFields(String loaderName) {
        this.loaderName = loaderName;
    }

    /** Returns the ways that there are, a line each, to objects of the class loader of this name. */
    public static List<String> leadingTo(String loaderName) throws IOException {
        StaticFields scan = new StaticFields(loaderName);
        for (String className : classNames()) {
            loaded(className).ifPresent(scan::scan);
        }
        return scan.found;
    }

    private static List<String> classNames() throws IOException {
        Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules");
        try (Stream<Path> files = Files.walk(modules)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.endsWith("module-info.class"))
                    .map(file -> file.subpath(2, file.getNameCount()).toString())
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }

    /** Neither initializes it, so that all static fields of one that nothing has used are null. */
    private static Optional<Class<?>> loaded(String className) {
        try {
            return Optional.of(Class.forName(className, false, ClassLoader.getPlatformClassLoader()));
        } catch (ClassNotFoundException | LinkageError e) { // of the application class loader, such as javac's
            return Optional.empty();
        }
    }

    private static MethodHandle handle(Class<?> type, String name, Class<?>... parameters)
            throws ReflectiveOperationException {
        Method method = type.getMethod(name, parameters);
        method.setAccessible(true);
        return MethodHandles.lookup().unreflect(method).bindTo(UNSAFE);
    }

    private void scan(Class<?> type) {
        for (Field field : type.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                Optional.ofNullable(valueOf(field))
                        .flatMap(this::walk)
                        .ifPresent(way -> found.add(type.getName() + "." + field.getName() + way));
            }
        }
    }

    private static @Nullable Object valueOf(Field field) {
        try {
            return VALUE.invoke((Object) STATIC_BASE.invoke(field), (long) STATIC_OFFSET.invoke(field));
        } catch (Throwable e) {
            throw new AssertionError(field.toString(), e);
        }
    }

    private static @Nullable Object valueAt(Object object, long offset) {
        try {
            return VALUE.invoke(object, offset);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static long offsetOf(Field field) {
        try {
            return (long) OFFSET.invoke(field);
        } catch (Throwable e) {
            throw new AssertionError(field.toString(), e);
        }
    }

    /** What an earlier field leads to is not looked at again. */
    private Optional<String> walk(Object start) {
        Deque<Step> next = new ArrayDeque<>();
        push(next, start, null);
        while (!next.isEmpty()) {
            Step step = next.poll();
            if (isOfApplication(step.object())) {
                return Optional.of(describe(step));
            }
            if (step.object() instanceof Object[] array) {
                for (Object element : array) {
                    push(next, element, step);
                }
            } else if (isOfJdk(step.object().getClass())) {
                for (long offset : offsetsOf(step.object().getClass())) {
                    push(next, valueAt(step.object(), offset), step);
                }
            }
        }
        return Optional.empty();
    }

    /** Threads, and class loaders of others, have tests of their own. */
    private void push(Deque<Step> next, @Nullable Object object, @Nullable Step from) {
        if (object == null || seen.contains(object)) {
            return;
        }
        boolean stops = object instanceof Thread
                || object instanceof ThreadGroup
                || (object instanceof Class<?> type && !isOfApplication(type))
                || (object instanceof ClassLoader loader && !loaderName.equals(loader.getName()));
        if (!stops) {
            seen.add(object);
            next.add(new Step(object, from));
        }
    }

    private boolean isOfApplication(Object object) {
        Class<?> type = object instanceof Class<?> itself ? itself : object.getClass();
        ClassLoader loader = object instanceof ClassLoader itself ? itself : type.getClassLoader();
        return loader != null && loaderName.equals(loader.getName());
    }

    private static boolean isOfJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    private List<Long> offsetsOf(Class<?> type) {
        return offsets.computeIfAbsent(type, StaticFields::findOffsets);
    }

    /** Weak and soft references don't hold. */
    private static List<Long> findOffsets(Class<?> type) {
        List<Long> all = new ArrayList<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            if (each == Reference.class) {
                continue;
            }
            for (Field field : each.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                    all.add(offsetOf(field));
                }
            }
        }
        return List.copyOf(all);
    }

    private static String describe(Step last) {
        StringBuilder way = new StringBuilder();
        for (Step step = last; step != null; step = step.from()) {
            Object object = step.object();
            way.insert(0, " -> " + (object instanceof Class<?> type ? type : object.getClass()).getName());
        }
        return way.toString();
    }
}
