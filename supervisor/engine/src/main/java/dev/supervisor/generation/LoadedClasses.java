package dev.supervisor.generation;

import java.util.LinkedHashMap;
import java.util.Map;

/** The class files that a module has loaded, in this order, and the root of each. Thread-safe. */
final class LoadedClasses {

    private final Map<String, CopiedResources> roots = new LinkedHashMap<>();

    /** @param file such as {@code com/acme/Main.class} */
    synchronized void add(String file, CopiedResources root) {
        roots.put(file, root);
    }

    synchronized int count() {
        return roots.size();
    }

    synchronized Map<String, CopiedResources> roots() {
        return new LinkedHashMap<>(roots);
    }
}
