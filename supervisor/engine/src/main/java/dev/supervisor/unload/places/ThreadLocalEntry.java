package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The value of one {@link ThreadLocal} on one thread, seen from another thread.
 *
 * @param reference the entry in the thread's map, a weak reference to its key
 * @param inheritable whether the thread may have inherited it from the thread that started it
 */
record ThreadLocalEntry(Reference<?> reference, boolean inheritable) {

    private static final Optional<InternalField> MAP = InternalField.field(Thread.class, "threadLocals");
    private static final Optional<InternalField> INHERITABLE =
            InternalField.field(Thread.class, "inheritableThreadLocals");
    private static final Optional<InternalField> TABLE =
            InternalField.field("java.lang.ThreadLocal$ThreadLocalMap", "table");
    private static final Optional<InternalField> VALUE =
            InternalField.field("java.lang.ThreadLocal$ThreadLocalMap$Entry", "value");

    static Stream<ThreadLocalEntry> of(Thread thread) {
        return Stream.concat(
                entries(MAP, thread).map(entry -> new ThreadLocalEntry(entry, false)),
                entries(INHERITABLE, thread).map(entry -> new ThreadLocalEntry(entry, true)));
    }

    private static Stream<Reference<?>> entries(Optional<InternalField> field, Thread thread) {
        return field
                .map(internal -> internal.get(thread))
                .flatMap(map -> TABLE.map(internal -> (Object[]) internal.get(map)))
                .stream()
                .flatMap(Arrays::stream)
                .filter(Objects::nonNull)
                .map(entry -> (Reference<?>) entry);
    }

    @Nullable
    Object key() {
        return reference.get();
    }

    @Nullable
    Object value() {
        return VALUE.map(field -> field.get(reference)).orElse(null);
    }

    /**
     * Clears the entry. Its map belongs to its thread, which may be using it, so nothing is moved or removed here: the
     * key is cleared as the collector would, at any moment, if nothing else held it. To its thread this is a stale
     * entry, which the map skips and expunges by itself, and the next {@code get()} begins with the initial value.
     * (With only the value null, {@code get()} would return null, which code of the JDK that gave an initial value does
     * not expect.) A {@code set()} that has just found the entry is lost; a {@code get()} that has may see null once.
     */
    void drop() {
        reference.clear();
        VALUE.ifPresent(field -> field.set(reference, null));
    }
}
