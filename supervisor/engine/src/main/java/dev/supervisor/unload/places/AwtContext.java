package dev.supervisor.unload.places;

import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The context class loader that AWT remembers of the first thread that used it, if only to read or write an image
 * without a screen. The application can't be blamed, and using AWT earlier would cost each start a third of a second.
 */
final class AwtContext implements SharedPlace {

    private static final String CONTEXT = "sun.awt.AppContext";

    @Override
    public List<String> clear(Owner owner) {
        if (!InitializedClasses.maybe(CONTEXT)) {
            return List.of();
        }
        InternalField.field(CONTEXT, "mainAppContext").map(InternalField::get).ifPresent(context -> {
            forget(owner, InternalField.field(context.getClass(), "contextClassLoader"), context);
            eventQueue(context)
                    .forEach(queue -> forget(owner, InternalField.field(queue.getClass(), "classLoader"), queue));
        });
        return List.of();
    }

    /** Returns the event queue, found by the name of its class: loading that class would load a native library. */
    private static Stream<Object> eventQueue(Object context) {
        return InternalField.field(CONTEXT, "table")
                .map(field -> field.get(context))
                .map(map -> List.copyOf(((Map<?, ?>) map).values()))
                .stream()
                .flatMap(List::stream)
                .filter(value -> value.getClass().getName().equals("java.awt.EventQueue"))
                .map(Object.class::cast);
    }

    private static void forget(Owner owner, Optional<InternalField> loader, Object holder) {
        loader.filter(field -> owner.owns(field.get(holder)))
                .ifPresent(field -> field.set(holder, ClassLoader.getSystemClassLoader()));
    }
}
