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
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a build of the application lies: what {@code --app} and {@code --lib} name. The files are the user's and may
 * change at any moment, or not be there at all.
 *
 * @param app a jar, or a directory of classes
 * @param libraries jars, directories of classes, or directories of jars
 */
public record Build(Path app, List<Path> libraries) {

    private static final Logger LOG = LoggerFactory.getLogger(Build.class);

    public Build {
        app = app.toAbsolutePath().normalize();
        libraries = libraries.stream()
                .map(library -> library.toAbsolutePath().normalize())
                .toList();
    }

    /** The file name of the application, for messages. */
    public String name() {
        return String.valueOf(app.getFileName());
    }

    /**
     * The jars and directories of classes that the application is loaded from, itself first: then the libraries, then
     * what the manifests' {@code Class-Path} entries name and is there, each once.
     *
     * @throws NoSuchFileException if the application or a jar that is named as a library is not there
     */
    List<ClassPathRoot> roots() throws IOException {
        return roots(Build::classPathOf, mentioned -> {});
    }

    /**
     * @param classPathOf reads the {@code Class-Path} of a jar, or knows it
     * @param mentioned told of each path that matters, also of those that are not there
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

    /** A pipe, a socket or a device is not; opening one might block. */
    private static boolean isLoadable(Path path) {
        return Files.isRegularFile(path) || Files.isDirectory(path);
    }

    /** A directory that is not there yet is an empty one: a build tool makes it when there is something to put in. */
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

    /** The {@code Class-Path} of a jar's manifest, as paths; of a half-written jar it is empty. */
    static List<Path> classPathOf(Path root) {
        List<Path> entries = new ArrayList<>();
        String classPath = mainAttribute(root, Attributes.Name.CLASS_PATH).orElse("");
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

    /** Returns an attribute of a jar's manifest; none if there is no complete jar. */
    static Optional<String> mainAttribute(Path jar, Attributes.Name name) {
        if (!Files.isRegularFile(jar)) {
            return Optional.empty();
        }
        try (JarFile opened = new JarFile(jar.toFile(), false)) {
            return Optional.ofNullable(opened.getManifest())
                    .map(manifest -> manifest.getMainAttributes().getValue(name));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
