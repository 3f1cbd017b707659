package dev.supervisor.unload.places;

import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.util.ArrayList;
import java.util.List;

/** The JVM's deserialization filter. It can be set once, while null: it is cleared for the next generation. */
final class SerialFilters implements SharedPlace {

    private static final String CONFIG = "java.io.ObjectInputFilter$Config";

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        if (InitializedClasses.maybe(CONFIG)) {
            InternalField.field(CONFIG, "serialFilter")
                    .filter(field -> owner.owns(field.get()))
                    .ifPresent(field -> {
                        left.add("deserialization filter " + owner.ownClassBehind(field.get())
                                + " was set, which no application can take back");
                        field.set(null, null);
                    });
        }
        return left;
    }
}
