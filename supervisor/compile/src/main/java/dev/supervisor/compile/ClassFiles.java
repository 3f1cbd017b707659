package dev.supervisor.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The class files of a directory, in memory, so that javac sees what belongs together, whatever others write to that directory.
 * Immutable.
 */
final class ClassFiles {

    private static final String EXTENSION = ".class";

    private final Path directory;

    /** By package, with slashes, then by name. */
    private final Map<String, Map<String, MemoryFile>> packages;

    private ClassFiles(Path directory, Map<String, Map<String, MemoryFile>> packages) {
        this.directory = directory;
        this.packages = packages;
    }

    /** Reads a directory, which need not exist. */
    static ClassFiles read(Path directory) throws IOException {
        Map<String, Map<String, MemoryFile>> packages = new HashMap<>();
        FileTree.walk(directory, file -> {
            String name = nameOf(directory, file);
            if (name.endsWith(EXTENSION)) {
                packages.computeIfAbsent(packageOf(name), any -> new HashMap<>())
                        .put(name, new MemoryFile(directory, name, Files.readAllBytes(file)));
            }
        });
        return new ClassFiles(directory, packages);
    }

    /** Returns the name of a file relative to a directory, with slashes. */
    static String nameOf(Path directory, Path file) {
        return directory.relativize(file).toString().replace('\\', '/');
    }

    private static String packageOf(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }

    Path directory() {
        return directory;
    }

    Optional<byte[]> content(String name) {
        return Optional.ofNullable(
                        packages.getOrDefault(packageOf(name), Map.of()).get(name))
                .map(MemoryFile::content);
    }

    /**
     * Returns these with changes.
     *
     * @param changes by name; empty for a file that is gone. Others than class files do not count
     */
    ClassFiles with(Map<String, Optional<byte[]>> changes) {
        Map<String, Map<String, MemoryFile>> next = new HashMap<>(packages);
        Map<String, Map<String, MemoryFile>> copied = new HashMap<>();
        changes.forEach((name, content) -> {
            if (name.endsWith(EXTENSION)) {
                String packaze = packageOf(name);
                Map<String, MemoryFile> files =
                        copied.computeIfAbsent(packaze, any -> new HashMap<>(packages.getOrDefault(packaze, Map.of())));
                content.ifPresentOrElse(
                        bytes -> files.put(name, new MemoryFile(directory, name, bytes)), () -> files.remove(name));
            }
        });
        next.putAll(copied);
        return new ClassFiles(directory, next);
    }

    /** Returns these without some of them. */
    ClassFiles without(Collection<String> names) {
        Map<String, Optional<byte[]>> gone = new HashMap<>();
        names.forEach(name -> gone.put(name, Optional.empty()));
        return with(gone);
    }

    /**
     * Returns the class files of a package.
     *
     * @param packageName with dots
     * @param below whether to return those of the packages below it, too
     */
    List<MemoryFile> in(String packageName, boolean below) {
        String packaze = packageName.replace('.', '/');
        if (!below) {
            return List.copyOf(packages.getOrDefault(packaze, Map.of()).values());
        }
        String prefix = packaze.isEmpty() ? "" : packaze + "/";
        return packages.entrySet().stream()
                .filter(entry ->
                        entry.getKey().equals(packaze) || entry.getKey().startsWith(prefix))
                .flatMap(entry -> entry.getValue().values().stream())
                .toList();
    }

    Stream<MemoryFile> all() {
        return packages.values().stream().flatMap(files -> files.values().stream());
    }
}
