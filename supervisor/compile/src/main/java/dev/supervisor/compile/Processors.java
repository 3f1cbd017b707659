package dev.supervisor.compile;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.annotation.processing.Processor;

/**
 * The annotation processors of a module, and their classes, which are loaded once.
 *
 * <p>A processor is <em>isolating</em> if it makes each file of one type, and looks at nothing but what that type leads to.
 * Processors say so in a file that Gradle has introduced. What the others make depends on the whole module.
 */
final class Processors implements Closeable {

    private static final String SERVICE = "META-INF/services/javax.annotation.processing.Processor";
    private static final String INCREMENTAL = "META-INF/gradle/incremental.annotation.processors";
    private static final String ISOLATING = "isolating";

    private final URLClassLoader loader;
    private final List<String> names;
    private final boolean isolating;

    private Processors(URLClassLoader loader, List<String> names, boolean isolating) {
        this.loader = loader;
        this.names = names;
        this.isolating = isolating;
    }

    /**
     * Finds the processors of a path.
     *
     * @param named their classes; empty for all that the path names
     */
    static Processors open(List<Path> path, List<String> named) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path entry : path) {
            urls.add(entry.toUri().toURL());
        }
        URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        try {
            List<String> names = named.isEmpty() ? lines(loader, SERVICE) : named;
            Set<String> isolating = new HashSet<>();
            for (String line : lines(loader, INCREMENTAL)) {
                String[] words = line.split("\\s*,\\s*", 2);
                if (words.length == 2
                        && words[1].strip().toLowerCase(Locale.ROOT).equals(ISOLATING)) {
                    isolating.add(words[0]);
                }
            }
            return new Processors(loader, names, isolating.containsAll(names));
        } catch (IOException | RuntimeException e) {
            loader.close();
            throw e;
        }
    }

    private static List<String> lines(URLClassLoader loader, String name) throws IOException {
        Set<String> lines = new LinkedHashSet<>();
        for (URL url : Collections.list(loader.findResources(name))) {
            try (InputStream in = url.openStream()) {
                new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.replaceFirst("#.*", "").strip())
                        .filter(line -> !line.isEmpty())
                        .forEach(lines::add);
            }
        }
        return List.copyOf(lines);
    }

    /** Returns whether there are none. */
    boolean isEmpty() {
        return names.isEmpty();
    }

    /** Returns whether what they make of one source depends on that source, and on what it leads to. */
    boolean areIsolating() {
        return isolating;
    }

    /**
     * Returns new ones: a processor serves one run only.
     *
     * @throws IOException if a class can't be loaded
     */
    List<Processor> make() throws IOException {
        List<Processor> made = new ArrayList<>();
        for (String name : names) {
            try {
                made.add(loader.loadClass(name)
                        .asSubclass(Processor.class)
                        .getDeclaredConstructor()
                        .newInstance());
            } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
                throw new IOException("can't make the annotation processor " + name + ": " + e, e);
            }
        }
        return made;
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }

    /** Returns whether a path has a jar or a directory that names processors. */
    static boolean areIn(List<Path> path) throws IOException {
        List<Path> there = path.stream().filter(Files::exists).toList();
        try (Processors found = open(there, List.of())) {
            return !found.isEmpty();
        }
    }
}
