package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The factories of URL handlers. Each can be set once for each JVM, while null: it is cleared for the next generation.
 */
final class UrlHandlers implements SharedPlace {

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        clear(owner, URL.class, "URL stream handler", left);
        clear(owner, URLConnection.class, "URL content handler", left);
        return left;
    }

    /** Removes the factories of JBoss Modules, which are unused here: an application could never set its own. */
    static void forgetLoaders() {
        forgetLoaders(URL.class);
        forgetLoaders(URLConnection.class);
    }

    private static void forgetLoaders(Class<?> type) {
        InternalField.field(type, "factory")
                .filter(field -> isOfJBossModules(field.get()))
                .ifPresent(field -> field.set(null, null));
    }

    private static boolean isOfJBossModules(@Nullable Object factory) {
        return factory != null && factory.getClass().getName().startsWith("org.jboss.modules.");
    }

    /** Sets the factory to null, since only then another can be set. */
    private static void clear(Owner owner, Class<?> type, String kind, List<String> left) {
        InternalField.field(type, "factory")
                .filter(field -> owner.owns(field.get()))
                .ifPresent(field -> {
                    left.add(kind + " factory " + owner.ownClassBehind(field.get())
                            + " was set, which no application can take back (pass a handler to the URL instead)");
                    field.set(null, null);
                });
        InternalField.field(type, "handlers")
                .map(InternalField::get)
                .ifPresent(handlers -> ((Map<?, ?>) handlers).values().removeIf(owner::owns));
    }
}
