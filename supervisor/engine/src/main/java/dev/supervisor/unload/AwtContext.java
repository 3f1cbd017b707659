package dev.supervisor.unload;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The class loader that AWT remembers of the thread that was the first to use it, if only to read or write an image
 * without a screen. Nobody is to blame, and to use it earlier would cost each start a third of a second.
 */
final class AwtContext implements SharedPlace {

    private static final String CONTEXT = "sun.awt.AppContext";

    @Override
    public List<String> clear(Owner owner) {
        if (!Initialized.maybe(CONTEXT)) {
            return List.of();
        }
        Inside.field(CONTEXT, "mainAppContext").map(Inside::get).ifPresent(context -> {
            forget(owner, Inside.field(context.getClass(), "contextClassLoader"), context);
            eventQueue(context).forEach(queue -> forget(owner, Inside.field(queue.getClass(), "classLoader"), queue));
        });
        return List.of();
    }

    /** By the name of its class: to load that would load a native library. */
    private static Stream<Object> eventQueue(Object context) {
        return Inside.field(CONTEXT, "table")
                .map(field -> field.get(context))
                .map(map -> List.copyOf(((Map<?, ?>) map).values()))
                .stream()
                .flatMap(List::stream)
                .filter(value -> value.getClass().getName().equals("java.awt.EventQueue"))
                .map(Object.class::cast);
    }

    private static void forget(Owner owner, Optional<Inside> loader, Object holder) {
        loader.filter(field -> owner.owns(field.get(holder)))
                .ifPresent(field -> field.set(holder, ClassLoader.getSystemClassLoader()));
    }
}
