package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import dev.supervisor.inspect.SharedThreads;
import dev.supervisor.inspect.SourceName;
import io.netty.util.internal.InternalThreadLocalMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thread locals, inheritable or not, on threads that outlive the generation: locals of its classes, and others whose
 * value leads to an object of it. Mostly the value tells, since a thread local rarely has a class of its own. The
 * application can't be blamed for an inherited one.
 */
final class ThreadLocals implements SharedPlace {

    private static final Optional<InternalField> SUPPLIER =
            InternalField.field("java.lang.ThreadLocal$SuppliedThreadLocal", "supplier");

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        for (Thread thread : SharedThreads.besides(owner)) {
            ThreadLocalEntry.of(thread).forEach(entry -> {
                Object key = entry.key();
                Object value = entry.value();
                if (isLeft(owner, key, value)) {
                    entry.drop();
                    if (!entry.inheritable()) {
                        left.add(describe(owner, thread, key, value));
                    }
                }
            });
        }
        return left;
    }

    private static boolean isLeft(Owner owner, @Nullable Object key, @Nullable Object value) {
        if (value instanceof InternalThreadLocalMap) {
            return false; // FastThreadLocals looks into it
        }
        return owner.owns(maker(key)) || owner.reaches(value);
    }

    /** Returns the object that tells whose thread local it is: itself, or the supplier of its initial value. */
    private static @Nullable Object maker(@Nullable Object key) {
        return SUPPLIER.isPresent() && isSupplied(key) ? SUPPLIER.get().get(key) : key;
    }

    private static boolean isSupplied(@Nullable Object key) {
        return key != null && key.getClass().getName().equals("java.lang.ThreadLocal$SuppliedThreadLocal");
    }

    private static String describe(Owner owner, Thread thread, @Nullable Object key, @Nullable Object value) {
        Object maker = maker(key);
        String of = maker == null || isPlain(maker) ? "" : " of " + SourceName.of(maker.getClass());
        return "thread local" + of + describe(owner, value) + " on thread \"" + thread.getName()
                + "\" was never removed";
    }

    private static boolean isPlain(Object key) {
        return key.getClass() == ThreadLocal.class || key.getClass() == InheritableThreadLocal.class;
    }

    /** Describes a value, in parentheses. */
    static String describe(Owner owner, @Nullable Object value) {
        if (value == null) {
            return "";
        }
        return " (value "
                + (owner.reaches(value) ? owner.ownClassBehind(value) : SourceName.of(value.getClass()))
                + ")";
    }
}
