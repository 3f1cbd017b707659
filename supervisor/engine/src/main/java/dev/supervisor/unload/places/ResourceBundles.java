package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** The JDK's cache of bundles, which holds them softly, for as long as there is memory. */
final class ResourceBundles implements SharedPlace {

    private static final String KEY = ResourceBundle.class.getName() + "$CacheKey";

    @Override
    public List<String> clear(Owner owner) {
        ResourceBundle.clearCache(owner.loader());
        InternalField.field(ResourceBundle.class, "cacheList")
                .map(InternalField::get)
                .ifPresent(cache -> ((Map<?, ?>) cache)
                        .entrySet()
                        .removeIf(entry -> isOf(owner, entry.getKey()) || holds(owner, entry.getValue())));
        return List.of();
    }

    private static boolean isOf(Owner owner, Object key) {
        return owner.ownsLoader(loaderIn(key, "moduleRef")) || owner.ownsLoader(loaderIn(key, "callerRef"));
    }

    private static @Nullable ClassLoader loaderIn(Object key, String field) {
        return InternalField.field(KEY, field)
                .map(internal -> internal.get(key))
                .map(reference -> ((Reference<?>) reference).get())
                .map(module -> ((Module) module).getClassLoader())
                .orElse(null);
    }

    private static boolean holds(Owner owner, @Nullable Object reference) {
        return reference instanceof Reference<?> bundle && owner.owns(bundle.get());
    }
}
