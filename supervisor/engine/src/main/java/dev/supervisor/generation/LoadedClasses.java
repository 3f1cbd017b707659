package dev.supervisor.generation;

import dev.supervisor.generation.CopiedResources.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The class files that a module has loaded, in this order, and the place of each. Thread-safe. */
final class LoadedClasses {

    private final Map<String, Place> places = new LinkedHashMap<>();
    private final List<String> files = new ArrayList<>();

    /** @param file such as {@code com/acme/Main.class} */
    synchronized void add(String file, Place place) {
        if (places.put(file, place) == null) {
            files.add(file);
        }
    }

    synchronized int count() {
        return files.size();
    }

    /** Returns those that came after the first ones. */
    synchronized List<String> after(int first) {
        return List.copyOf(files.subList(first, files.size()));
    }

    synchronized Map<String, Place> places() {
        return new LinkedHashMap<>(places);
    }

    static String directoryOf(String file) {
        return file.substring(0, Math.max(0, file.lastIndexOf('/')));
    }
}
