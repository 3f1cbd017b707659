package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import dev.supervisor.inspect.SharedThreads;
import dev.supervisor.inspect.SourceName;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.internal.InternalThreadLocalMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Netty's thread locals on threads that outlive the generation. Each of these threads has an array of values, a set of
 * the locals to remove at its end, and caches by class. The thread may be changing them at this moment, so no structure
 * is changed here: a slot is unset, a set or a cache is replaced. A slot that is set at the same moment may be unset
 * again or stay set; a local added to the set at the same moment is not removed at the thread's end.
 */
final class FastThreadLocals implements SharedPlace {

    private static final int TO_REMOVE = InternalThreadLocalMap.VARIABLES_TO_REMOVE_INDEX;

    private static final Optional<InternalField> MAP =
            InternalField.field(FastThreadLocalThread.class, "threadLocalMap");
    private static final Optional<InternalField> SLOTS =
            InternalField.field(InternalThreadLocalMap.class, "indexedVariables");
    private static final Optional<InternalField> INDEX = InternalField.field(FastThreadLocal.class, "index");

    private static final int ATTEMPTS = 1000;

    /** Caches that Netty makes again when they are null. */
    private static final List<InternalField> CACHES = Stream.of(
                    "typeParameterMatcherGetCache", "typeParameterMatcherFindCache", "arrayList")
            .flatMap(name -> InternalField.field(InternalThreadLocalMap.class, name).stream())
            .toList();

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        for (Thread thread : SharedThreads.besides(owner)) {
            maps(thread).forEach(map -> clear(owner, thread, map, left));
        }
        return left;
    }

    private static Stream<InternalThreadLocalMap> maps(Thread thread) {
        Stream<Object> fast =
                thread instanceof FastThreadLocalThread ? MAP.map(field -> field.get(thread)).stream() : Stream.empty();
        Stream<Object> slow = ThreadLocalEntry.of(thread).flatMap(entry -> Stream.ofNullable(entry.value()));
        return Stream.concat(fast, slow)
                .filter(InternalThreadLocalMap.class::isInstance)
                .map(InternalThreadLocalMap.class::cast);
    }

    private static void clear(Owner owner, Thread thread, InternalThreadLocalMap map, List<String> left) {
        CACHES.stream().filter(cache -> owner.reaches(cache.get(map))).forEach(cache -> cache.set(map, null));
        Set<Object> locals = locals(map);
        for (int i = 0; i < slots(map).length; i++) {
            Object local = withIndex(locals, i);
            Object value = slots(map)[i];
            if (i != TO_REMOVE && isSet(value) && (owner.owns(local) || owner.reaches(value))) {
                unset(map, i);
                left.add(describe(owner, thread, local, value));
            }
        }
        if (locals.removeIf(owner::owns)) {
            set(map, TO_REMOVE, locals);
        }
    }

    private static Object[] slots(InternalThreadLocalMap map) {
        return SLOTS.map(field -> (Object[]) field.get(map)).orElseGet(() -> new Object[0]);
    }

    private static boolean isSet(@Nullable Object value) {
        return value != null && value != InternalThreadLocalMap.UNSET;
    }

    private static void unset(InternalThreadLocalMap map, int slot) {
        set(map, slot, InternalThreadLocalMap.UNSET);
    }

    /** Sets a slot, and again if the thread has taken a larger array meanwhile. */
    private static void set(InternalThreadLocalMap map, int slot, Object value) {
        Object[] slots;
        do {
            slots = slots(map);
            slots[slot] = value;
        } while (slots != slots(map));
    }

    /** Returns a copy of the locals that the thread has set; a local has the same index on all threads. */
    private static Set<Object> locals(InternalThreadLocalMap map) {
        Set<Object> copy = Collections.newSetFromMap(new IdentityHashMap<>());
        Object[] slots = slots(map);
        if (slots.length > TO_REMOVE && slots[TO_REMOVE] instanceof Set<?> locals) {
            copy.addAll(Arrays.asList(toArray(locals)));
            copy.remove(null);
        }
        return copy;
    }

    /** Copies the set, and tries again while the thread is adding a local, which it rarely does. */
    private static Object[] toArray(Set<?> locals) {
        for (int i = 0; i < ATTEMPTS; i++) {
            try {
                return locals.toArray();
            } catch (ConcurrentModificationException e) {
                Thread.onSpinWait();
            }
        }
        return new Object[0];
    }

    private static @Nullable Object withIndex(Set<Object> locals, int index) {
        return locals.stream()
                .filter(local -> INDEX.map(field -> field.get(local)).equals(Optional.of(index)))
                .findAny()
                .orElse(null);
    }

    private static String describe(Owner owner, Thread thread, @Nullable Object local, @Nullable Object value) {
        String of = local == null || local.getClass() == FastThreadLocal.class
                ? ""
                : " of " + SourceName.of(local.getClass());
        return "fast thread local" + of + ThreadLocals.describe(owner, value) + " on thread \"" + thread.getName()
                + "\" was never removed";
    }
}
