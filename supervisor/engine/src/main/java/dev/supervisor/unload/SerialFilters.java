package dev.supervisor.unload;

import java.util.ArrayList;
import java.util.List;

/** The filter of the JVM for deserialization. It can be set once, if it is null: the next generation may do so again. */
final class SerialFilters implements SharedPlace {

    private static final String CONFIG = "java.io.ObjectInputFilter$Config";

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        if (Initialized.maybe(CONFIG)) {
            Inside.field(CONFIG, "serialFilter")
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
