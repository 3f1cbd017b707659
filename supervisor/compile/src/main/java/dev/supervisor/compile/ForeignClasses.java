package dev.supervisor.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;

/** The classes in directories that others write, and that are on the class path of the compiler. Not thread-safe. */
final class ForeignClasses {

    private static final String EXTENSION = ".class";

    private final Collection<Path> directories;
    private final FileTree files;

    /** @param supertypes their names, with slashes */
    private record Seen(String name, String abi, Set<String> supertypes) {

        static Seen of(byte[] classFile) {
            ClassReader reader = new ClassReader(classFile);
            Set<String> supertypes = new TreeSet<>(List.of(reader.getInterfaces()));
            Optional.ofNullable(reader.getSuperName()).ifPresent(supertypes::add);
            return new Seen(
                    reader.getClassName(), Hash.of(ClassAbi.of(classFile).orElse("")), supertypes);
        }
    }

    /** By the hash of a class file's content. */
    private final Map<String, Seen> seen = new HashMap<>();

    ForeignClasses(Collection<Path> directories) {
        this.directories = directories;
        this.files = new FileTree(directories, file -> file.toString().endsWith(EXTENSION));
    }

    /** Returns what each class looks like now with all that it inherits from others of these, by its file. */
    Map<Path, String> look() throws IOException {
        Map<Path, Seen> classes = new TreeMap<>();
        Map<String, Seen> byName = new HashMap<>();
        for (Map.Entry<Path, String> file : files.hashes().entrySet()) {
            Seen known = seen.get(file.getValue());
            if (known == null) {
                known = Seen.of(Files.readAllBytes(file.getKey()));
                seen.put(file.getValue(), known);
            }
            classes.put(file.getKey(), known);
            byName.putIfAbsent(known.name(), known);
        }
        Map<Path, String> found = new TreeMap<>();
        classes.forEach((file, known) -> found.put(file, withInherited(known, byName)));
        return found;
    }

    private static String withInherited(Seen known, Map<String, Seen> byName) {
        Map<String, String> inherited = new TreeMap<>();
        addInherited(known, byName, inherited);
        return inherited.isEmpty() ? known.abi() : Hash.of(known.abi() + inherited);
    }

    private static void addInherited(Seen known, Map<String, Seen> byName, Map<String, String> inherited) {
        for (String name : known.supertypes()) {
            Seen supertype = byName.get(name);
            if (supertype != null && inherited.putIfAbsent(name, supertype.abi()) == null) {
                addInherited(supertype, byName, inherited);
            }
        }
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
