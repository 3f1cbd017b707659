package dev.supervisor.generation;

import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
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
     * @throws NoSuchFileException if the application or a library is not there
     */
    List<Path> roots() throws IOException {
        return roots(Build::classPathOf, mentioned -> {});
    }

    /**
     * @param classPathOf reads the {@code Class-Path} of a jar, or knows it
     * @param mentioned told of each path that matters, also of those that are not there
     */
    List<Path> roots(Function<Path, List<Path>> classPathOf, Consumer<Path> mentioned) throws IOException {
        mentioned.accept(app);
        libraries.forEach(mentioned);
        Set<Path> roots = new LinkedHashSet<>();
        roots.add(existing(app));
        for (Path library : libraries) {
            roots.addAll(expand(existing(library)));
        }
        List<Path> toFollow = new ArrayList<>(roots);
        for (int i = 0; i < toFollow.size(); i++) {
            for (Path entry : classPathOf.apply(toFollow.get(i))) {
                mentioned.accept(entry);
                if (Files.exists(entry) && roots.add(entry)) {
                    toFollow.add(entry);
                }
            }
        }
        return List.copyOf(roots);
    }

    private static Path existing(Path path) throws NoSuchFileException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        return path;
    }

    private static List<Path> expand(Path library) throws IOException {
        if (!Files.isDirectory(library)) {
            return List.of(library);
        }
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(library, "*.jar")) {
            found.forEach(jars::add);
        }
        jars.sort(null);
        return jars.isEmpty() ? List.of(library) : jars;
    }

    /** The {@code Class-Path} of a jar's manifest, as paths; of a half-written jar it is empty. */
    static List<Path> classPathOf(Path root) {
        List<Path> entries = new ArrayList<>();
        Manifest manifest = manifestOf(root);
        String classPath =
                manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
        if (classPath != null) {
            for (String entry : classPath.trim().split("\\s+")) {
                try {
                    URI uri = root.toUri().resolve(entry);
                    if ("file".equals(uri.getScheme())) {
                        entries.add(Path.of(uri).normalize());
                    }
                } catch (IllegalArgumentException e) {
                    LOG.debug("no usable URL in the Class-Path of {}: {}", root, entry);
                }
            }
        }
        return entries;
    }

    private static @Nullable Manifest manifestOf(Path root) {
        if (Files.isDirectory(root)) {
            return null;
        }
        try (JarFile jar = new JarFile(root.toFile(), false)) {
            return jar.getManifest();
        } catch (IOException e) {
            return null;
        }
    }
}
