package dev.supervisor.generation;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.jar.Attributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places of a build of the application, as {@code --app} and {@code --lib} name them. The user's build tool writes
 * the files, which may change at any moment, or not exist.
 */
public record Build(Path app, List<Path> libraries) {

    private static final Logger LOG = LoggerFactory.getLogger(Build.class);

    public Build {
        app = app.toAbsolutePath().normalize();
        libraries = libraries.stream()
                .map(library -> library.toAbsolutePath().normalize())
                .toList();
    }

    /** Returns the file name of the application, for messages. */
    public String name() {
        return String.valueOf(app.getFileName());
    }

    /**
     * Returns the class path: the jars and directories of classes from which the application is loaded. The application
     * itself is first, then come the libraries, then the existing {@code Class-Path} entries of their manifests; each
     * is listed once.
     *
     * @throws NoSuchFileException if the application, or a jar that is named as a library, does not exist
     */
    List<ClassPathRoot> roots() throws IOException {
        return roots(Build::classPathOf, mentioned -> {});
    }

    /**
     * Does the same as {@link #roots()}.
     *
     * @param classPathOf returns the {@code Class-Path} of a jar, which it reads or already knows
     * @param mentioned called with each root that is named, whether it exists or not
     */
    List<ClassPathRoot> roots(Function<Path, List<Path>> classPathOf, Consumer<ClassPathRoot> mentioned)
            throws IOException {
        mentioned.accept(ClassPathRoot.whole(app));
        libraries.forEach(library -> mentioned.accept(ClassPathRoot.whole(library)));
        Map<Path, ClassPathRoot> roots = new LinkedHashMap<>();
        roots.put(existing(app), ClassPathRoot.whole(app));
        for (Path library : libraries) {
            expand(library).forEach(path -> roots.putIfAbsent(path, ClassPathRoot.whole(path)));
        }
        List<Path> toFollow = new ArrayList<>(roots.keySet());
        for (int i = 0; i < toFollow.size(); i++) {
            for (Path entry : classPathOf.apply(toFollow.get(i))) {
                ClassPathRoot root = new ClassPathRoot(entry, !roots.containsKey(entry));
                mentioned.accept(root);
                if (isLoadable(entry) && roots.putIfAbsent(entry, root) == null) {
                    toFollow.add(entry);
                }
            }
        }
        return List.copyOf(roots.values());
    }

    private static Path existing(Path path) throws NoSuchFileException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        return path;
    }

    /** Returns false for a pipe, a socket or a device: opening one might block. */
    private static boolean isLoadable(Path path) {
        return Files.isRegularFile(path) || Files.isDirectory(path);
    }

    /**
     * Returns the jars in a library directory, or the library itself. A directory that does not exist yet counts as
     * empty: build tools often make it only when they have something to put in it.
     */
    private static List<Path> expand(Path library) throws IOException {
        if (!Files.isDirectory(library)) {
            return Files.exists(library) || isJar(library) ? List.of(existing(library)) : List.of();
        }
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(library, path -> isJar(path) && isLoadable(path))) {
            found.forEach(jars::add);
        }
        jars.sort(null);
        return jars.isEmpty() ? List.of(library) : jars;
    }

    private static boolean isJar(Path path) {
        return path.toString().endsWith(".jar");
    }

    /** Returns the {@code Class-Path} of a jar's manifest, as paths; empty for a half-written jar. */
    static List<Path> classPathOf(Path root) {
        Attributes attributes = JarManifest.attributes(root);
        String mainClass = attributes.getValue(Attributes.Name.MAIN_CLASS);
        if (mainClass != null && Quarkus.isLauncher(mainClass)) {
            return quarkusClassPath(root);
        }
        List<Path> entries = new ArrayList<>();
        String named = attributes.getValue(Attributes.Name.CLASS_PATH);
        String classPath = named == null ? "" : named;
        for (String entry : classPath.trim().split("\\s+")) {
            try {
                URI uri = root.toUri().resolve(entry);
                if (!entry.isEmpty() && "file".equals(uri.getScheme())) {
                    entries.add(Path.of(uri).normalize());
                }
            } catch (IllegalArgumentException e) {
                LOG.debug("no usable URL in the Class-Path of {}: {}", root, entry);
            }
        }
        return entries;
    }

    private static List<Path> quarkusClassPath(Path launcher) {
        List<Path> entries = new ArrayList<>();
        for (String root : Quarkus.ROOTS) {
            Path place = launcher.resolveSibling(root);
            try {
                entries.addAll(Files.isDirectory(place) ? expand(place) : List.of(place));
            } catch (IOException e) {
                LOG.debug("can't list {}: {}", place, e.toString());
            }
        }
        return entries;
    }
}
