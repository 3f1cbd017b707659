package dev.supervisor.inspect;

import java.lang.reflect.Field;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A non-public field of the JDK or of Netty, for shared places that can't be seen or cleaned in another way. The
 * supervisor's jar opens the packages that it needs (its manifest, {@code Add-Opens}). If the supervisor is embedded
 * and they are not opened, or if a JDK lacks the field, the place seems empty; a closed package is logged once.
 */
public final class InternalField {

    private static final Logger LOG = LoggerFactory.getLogger(InternalField.class);
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private final Field field;

    private InternalField(Field field) {
        this.field = field;
    }

    /** Returns the first existing field of these names, static or not; JDKs name fields differently. */
    public static Optional<InternalField> field(String className, String... names) {
        try {
            return field(Class.forName(className, true, InternalField.class.getClassLoader()), names);
        } catch (ClassNotFoundException | LinkageError e) { // a JDK without it, or without that module
            LOG.debug("there is no {}", className);
            return Optional.empty();
        }
    }

    public static Optional<InternalField> field(Class<?> type, String... names) {
        for (String name : names) {
            try {
                Field field = type.getDeclaredField(name);
                if (field.trySetAccessible()) {
                    return Optional.of(new InternalField(field));
                }
                sayClosed(type);
                return Optional.empty();
            } catch (NoSuchFieldException e) {
                LOG.debug("there is no {} in {}", name, type);
            }
        }
        return Optional.empty();
    }

    /** Returns the value of an object's field; empty if it is null, or the object is of another type. */
    public static Optional<Object> value(String className, String name, @Nullable Object object) {
        return field(className, name).filter(internal -> internal.isIn(object)).map(internal -> internal.get(object));
    }

    private static void sayClosed(Class<?> type) {
        String packageName = type.getModule().getName() + "/" + type.getPackageName();
        if (SAID.add(packageName)) {
            LOG.warn(
                    "can't see what applications leave in {} (start the JVM with --add-opens {}=ALL-UNNAMED)",
                    type.getName(),
                    packageName);
        }
    }

    boolean isIn(@Nullable Object object) {
        return field.getDeclaringClass().isInstance(object);
    }

    /** Returns the value of a static field. */
    @Nullable
    public Object get() {
        return get(null);
    }

    @Nullable
    public Object get(@Nullable Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e); // it was made accessible
        }
    }

    public void set(@Nullable Object object, @Nullable Object value) {
        try {
            field.set(object, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
