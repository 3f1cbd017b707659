package dev.supervisor.unload.places;

import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.util.ArrayList;
import java.util.List;

/**
 * JNDI's builders of factories. Each can be set once for each JVM, while null: it is cleared for the next generation.
 */
final class NamingBuilders implements SharedPlace {

    private static final String MANAGER = "javax.naming.spi.NamingManager";
    private static final String OBJECTS = "com.sun.naming.internal.NamingManagerHelper"; // its class in later JDKs

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        clear(owner, MANAGER, "initctx_factory_builder", left);
        clear(owner, MANAGER, "object_factory_builder", left);
        clear(owner, OBJECTS, "object_factory_builder", left);
        return left;
    }

    private static void clear(Owner owner, String className, String name, List<String> left) {
        if (InitializedClasses.maybe(className)) {
            InternalField.field(className, name)
                    .filter(field -> owner.owns(field.get()))
                    .ifPresent(field -> {
                        left.add("JNDI builder of factories " + owner.ownClassBehind(field.get())
                                + " was set, which no application can take back");
                        field.set(null, null);
                    });
        }
    }
}
