package dev.supervisor.unload.places;

import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.beans.Introspector;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's caches of Java beans, which hold them softly, or for each thread group; the groups of the JVM live for
 * ever. A runtime may lack that module.
 */
final class BeanInfos implements SharedPlace {

    private static final String CONTEXT = "java.beans.ThreadGroupContext";
    private static final String MAP = "java.beans.WeakIdentityMap";

    @Override
    public List<String> clear(Owner owner) throws ReflectiveOperationException {
        if (InitializedClasses.maybe(CONTEXT)) {
            Introspector.flushCaches();
            for (Object context : contexts()) {
                clear(owner, context);
            }
        }
        clearCache("com.sun.beans.finder.MethodFinder");
        clearCache("com.sun.beans.finder.ConstructorFinder");
        return List.of();
    }

    private static void clear(Owner owner, Object context) {
        synchronized (context) { // as its methods do
            InternalField.value(CONTEXT, "beanInfoCache", context)
                    .ifPresent(cache -> ((Map<?, ?>) cache)
                            .entrySet()
                            .removeIf(entry -> owner.owns(entry.getKey()) || owner.owns(entry.getValue())));
        }
    }

    private static List<Object> contexts() {
        List<Object> contexts = new ArrayList<>();
        InternalField.field(CONTEXT, "contexts")
                .map(InternalField::get)
                .flatMap(map -> InternalField.value(MAP, "table", map))
                .ifPresent(table -> {
                    for (Object first : (Object[]) table) {
                        addContexts(first, contexts);
                    }
                });
        return contexts;
    }

    private static void addContexts(@Nullable Object first, List<Object> contexts) {
        Object entry = first;
        while (entry != null) {
            InternalField.value(MAP + "$Entry", "value", entry).ifPresent(contexts::add);
            entry = InternalField.value(MAP + "$Entry", "next", entry).orElse(null);
        }
    }

    /** Clears the whole cache, which does not tell the owners of its methods. */
    private static void clearCache(String finder) throws ReflectiveOperationException {
        if (InitializedClasses.maybe(finder)) {
            Object cache =
                    InternalField.field(finder, "CACHE").map(InternalField::get).orElse(null);
            if (cache != null) {
                Method clear = cache.getClass().getSuperclass().getMethod("clear");
                if (clear.trySetAccessible()) {
                    clear.invoke(cache);
                }
            }
        }
    }
}
