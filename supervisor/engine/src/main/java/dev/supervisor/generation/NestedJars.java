package dev.supervisor.generation;

import dev.supervisor.text.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Libraries that lie within an application's jar, as files of their own. Builds that contain the same library share one file,
 * which is deleted with the last of them. Thread-safe.
 */
final class NestedJars {

    /** What the directory of a jar tells of an entry. */
    private record Content(String name, long checksum, long size) {}

    private static final class Shared {
        private final Path place;
        private final Path path;
        private int users = 1;

        /** @param place the directory of this file alone */
        Shared(Path place, Path path) {
            this.place = place;
            this.path = path;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(NestedJars.class);

    private final WorkDirectory directory;
    private final Map<Content, Shared> files = new HashMap<>();
    private int made;

    /** @param directory where the files are written */
    NestedJars(WorkDirectory directory) {
        this.directory = directory;
    }

    /** The libraries of one jar, until they are released. */
    final class Extracted implements AutoCloseable {

        private final List<Content> contents = new ArrayList<>();
        private final List<Path> paths = new ArrayList<>();

        List<Path> paths() {
            return List.copyOf(paths);
        }

        /** Returns the same libraries for another user. Called before these are released. */
        Extracted share() {
            Extracted shared = new Extracted();
            shared.paths.addAll(paths);
            contents.forEach(content -> {
                use(content);
                shared.contents.add(content);
            });
            return shared;
        }

        @Override
        public void close() {
            contents.forEach(NestedJars.this::release);
            contents.clear();
        }
    }

    /** Extracts the jars that lie directly in these directories of a jar, in the order of the jar. */
    Extracted extract(Path outer, List<String> directories) throws IOException {
        Extracted extracted = new Extracted();
        try (JarFile jar = new JarFile(outer.toFile(), false)) {
            for (JarEntry entry : jar.stream().toList()) {
                if (isIn(directories, entry.getName())) {
                    Content content = new Content(nameOf(entry), entry.getCrc(), entry.getSize());
                    extracted.paths.add(file(content, jar, entry));
                    extracted.contents.add(content);
                }
            }
            return extracted;
        } catch (IOException | RuntimeException e) {
            extracted.close();
            throw e;
        }
    }

    private static boolean isIn(List<String> directories, String entry) {
        int slash = entry.lastIndexOf('/');
        return entry.endsWith(".jar") && slash >= 0 && directories.contains(entry.substring(0, slash + 1));
    }

    private static String nameOf(JarEntry entry) {
        return entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
    }

    private synchronized Path file(Content content, JarFile jar, JarEntry entry) throws IOException {
        Shared known = files.get(content);
        if (known != null && Files.exists(known.path)) {
            known.users++;
            return known.path;
        }
        Path place = directory.path().resolve("nested-" + ++made);
        Files.createDirectories(place);
        Path path = place.resolve(content.name().replaceAll("[^A-Za-z0-9._+@~-]", "_"));
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, path);
            WorkDirectory.keep(path);
        }
        Shared shared = new Shared(place, path);
        if (known != null) { // its file was deleted by somebody else
            shared.users += known.users;
        }
        files.put(content, shared);
        return path;
    }

    private synchronized void use(Content content) {
        Objects.requireNonNull(files.get(content)).users++;
    }

    private synchronized void release(Content content) {
        Shared shared = files.get(content);
        if (shared != null && --shared.users == 0) {
            files.remove(content);
            try {
                Deletion.deleteAll(shared.place);
            } catch (IOException e) {
                LOG.warn("can't delete the library {}: {}", shared.path, IoReason.of(e, shared.place.toString()));
            }
        }
    }
}
