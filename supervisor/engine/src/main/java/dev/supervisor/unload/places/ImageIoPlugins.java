package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import javax.imageio.spi.IIORegistry;

/** Plug-ins of {@code ImageIO}, which finds them by the context class loader. A runtime may lack that module. */
final class ImageIoPlugins implements SharedPlace {

    private static final String REGISTRY = "javax.imageio.spi.IIORegistry";
    private static final String CONTEXT = "sun.awt.AppContext";

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        if (!InitializedClasses.maybe(REGISTRY)) {
            return left;
        }
        IIORegistry registry = IIORegistry.getDefaultInstance();
        for (Iterator<Class<?>> categories = registry.getCategories(); categories.hasNext(); ) {
            clear(owner, registry, categories.next(), left);
        }
        forgetCallers(registry);
        forgetContext(owner);
        return left;
    }

    private static <T> void clear(Owner owner, IIORegistry registry, Class<T> category, List<String> left) {
        List<T> own = new ArrayList<>();
        registry.getServiceProviders(category, owner::owns, false).forEachRemaining(own::add);
        for (T provider : own) {
            String name = "ImageIO plug-in " + provider.getClass().getName();
            GuardedCall.run(
                    owner, "deregister the " + name, () -> registry.deregisterServiceProvider(provider, category));
            left.add(name + " was never deregistered");
        }
    }

    /** Clears the call stacks of registrations, which Java 17 remembers for a security manager. */
    private static void forgetCallers(IIORegistry registry) {
        InternalField.value("javax.imageio.spi.ServiceRegistry", "categoryMap", registry)
                .ifPresent(categories -> ((Map<?, ?>) categories)
                        .values()
                        .forEach(category -> InternalField.value("javax.imageio.spi.SubRegistry", "accMap", category)
                                .ifPresent(callers -> ((Map<?, ?>) callers).clear())));
    }

    /**
     * Clears the class loader of the first thread that needed the registry, remembered by the context that holds it.
     */
    private static void forgetContext(Owner owner) {
        InternalField.field(CONTEXT, "mainAppContext").map(InternalField::get).ifPresent(context -> {
            forgetLoader(owner, CONTEXT, "contextClassLoader", context);
            Object key = InternalField.field(CONTEXT, "EVENT_QUEUE_KEY")
                    .map(InternalField::get)
                    .orElse(null);
            InternalField.value(CONTEXT, "table", context)
                    .map(table -> ((Map<?, ?>) table).get(key))
                    .ifPresent(queue -> forgetLoader(owner, "java.awt.EventQueue", "classLoader", queue));
        });
    }

    private static void forgetLoader(Owner owner, String type, String name, Object object) {
        if (InternalField.value(type, name, object).filter(owner::owns).isPresent()) {
            InternalField.field(type, name).ifPresent(field -> field.set(object, ClassLoader.getSystemClassLoader()));
        }
    }
}
