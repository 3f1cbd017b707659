package dev.supervisor.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The classes in directories that others write, and that are on the class path of the compiler. Not thread-safe. */
final class ForeignClasses {

    private static final String EXTENSION = ".class";

    private final Collection<Path> directories;
    private final FileTree files;

    /** By the hash of a class file's content. */
    private final Map<String, String> abis = new HashMap<>();

    ForeignClasses(Collection<Path> directories) {
        this.directories = directories;
        this.files = new FileTree(directories, file -> file.toString().endsWith(EXTENSION));
    }

    /** Returns what each class looks like now, by its file. */
    Map<Path, String> look() throws IOException {
        Map<Path, String> found = new TreeMap<>();
        for (Map.Entry<Path, String> file : files.hashes().entrySet()) {
            String abi = abis.get(file.getValue());
            if (abi == null) {
                abi = Hash.of(ClassAbi.of(Files.readAllBytes(file.getKey())).orElse(""));
                abis.put(file.getValue(), abi);
            }
            found.put(file.getKey(), abi);
        }
        return found;
    }

    /** Returns the types that differ, or are in one of these only. */
    Set<String> differences(Map<Path, String> before, Map<Path, String> now) {
        Set<Path> all = new HashSet<>(before.keySet());
        all.addAll(now.keySet());
        Set<String> types = new HashSet<>();
        all.stream()
                .filter(file -> !before.getOrDefault(file, "").equals(now.getOrDefault(file, "")))
                .forEach(file -> addTypes(file, types));
        return types;
    }

    /** Adds the class, and all that it may be nested in: a name does not tell whether its dollar is a part of it. */
    private void addTypes(Path file, Set<String> types) {
        for (Path directory : directories) {
            if (file.startsWith(directory)) {
                String name = ClassFiles.nameOf(directory, file);
                String type =
                        name.substring(0, name.length() - EXTENSION.length()).replace('/', '.');
                types.add(type);
                for (int dollar = type.lastIndexOf('$'); dollar > 0; dollar = type.lastIndexOf('$', dollar - 1)) {
                    types.add(type.substring(0, dollar));
                }
            }
        }
    }
}
