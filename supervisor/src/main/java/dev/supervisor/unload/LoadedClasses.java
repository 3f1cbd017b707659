package dev.supervisor.unload;

import java.util.Collection;
import java.util.Optional;

/** How many classes a class loader has defined: what it holds of the metaspace is about in proportion. */
public final class LoadedClasses {

    private static final Optional<Inside> CLASSES = Inside.field(ClassLoader.class, "classes");

    private LoadedClasses() {}

    /** 0 where the JVM does not let one see that. From any thread. */
    public static int of(ClassLoader loader) {
        return CLASSES.map(field -> (Collection<?>) field.get(loader))
                .map(Collection::size)
                .orElse(0);
    }
}
