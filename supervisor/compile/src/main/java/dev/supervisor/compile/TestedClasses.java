package dev.supervisor.compile;

import dev.supervisor.compile.Project.Tests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The classes that tests run with, and which tests depend on which of them: by the class files, so that it does not matter what
 * has compiled them. Belongs to the thread that tests.
 */
final class TestedClasses {

    private static final String EXTENSION = ".class";

    /** What surefire takes for tests; integration tests, which end with IT, are none. */
    private static final List<String> ENDS = List.of("Test", "Tests", "TestCase");

    private static final String BEGIN = "Test";

    /** Annotations of a test class that make no other classes part of the test. */
    private static final List<String> INERT = List.of(
            "java/",
            "javax/annotation/",
            "jakarta/annotation/",
            "org/junit/",
            "org/jspecify/",
            "kotlin/",
            "org/mockito/");

    /** @param names that it refers to, and others */
    private record Known(Set<String> names, TestClass head) {}

    private final Tests tests;
    private final List<Path> directories;
    private final FileTree tree;

    /** By the hashes of class files. */
    private Map<String, Known> known = new HashMap<>();

    /** By their names, with slashes. */
    private Map<String, Known> classes = Map.of();

    private Map<Path, String> now = Map.of();
    private @Nullable Map<Path, String> tested;

    TestedClasses(Tests tests) {
        this.tests = tests;
        List<Path> all = new ArrayList<>(tests.classPath());
        all.add(0, tests.output());
        this.directories = all.stream().filter(entry -> !isJar(entry)).toList();
        this.tree = new FileTree(directories, file -> true);
    }

    private static boolean isJar(Path entry) {
        return Files.isRegularFile(entry);
    }

    /** Looks at the files. */
    void look() throws IOException {
        Map<Path, String> found = new TreeMap<>(tree.hashes());
        Map<String, Known> nextKnown = new HashMap<>();
        Map<String, Known> next = new HashMap<>();
        for (Map.Entry<Path, String> file : found.entrySet()) {
            if (file.getKey().toString().endsWith(EXTENSION)) {
                Known facts = known.get(file.getValue());
                if (facts == null) {
                    facts = read(file.getKey());
                }
                nextKnown.put(file.getValue(), facts);
                next.putIfAbsent(nameOf(file.getKey()), facts);
            }
        }
        for (Path entry : tests.classPath()) {
            if (isJar(entry)) {
                found.put(entry, Stamp.of(entry).toString());
            }
        }
        known = nextKnown;
        classes = next;
        now = found;
    }

    private static Known read(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        try {
            return new Known(ClassNames.in(content), TestClass.of(content));
        } catch (RuntimeException e) {
            throw new IOException(file + " is no class file that can be read: " + e, e);
        }
    }

    private String nameOf(Path file) {
        Path directory =
                directories.stream().filter(file::startsWith).findFirst().orElseThrow();
        String name = ClassFiles.nameOf(directory, file);
        return name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
    }

    /** Returns the names of all test classes, with dots. */
    Set<String> all() {
        Set<String> found = new TreeSet<>();
        for (Path file : now.keySet()) {
            if (file.startsWith(tests.output()) && file.toString().endsWith(EXTENSION)) {
                String name = nameOf(file);
                if (isTest(name, Objects.requireNonNull(classes.get(name)))) {
                    found.add(name.replace('/', '.'));
                }
            }
        }
        return found;
    }

    private static boolean isTest(String name, Known facts) {
        String simple = name.substring(name.lastIndexOf('/') + 1);
        return !simple.contains("$")
                && !facts.head().isAbstract()
                && (simple.startsWith(BEGIN) || ENDS.stream().anyMatch(simple::endsWith));
    }

    /** Returns the test classes that depend on what has changed since {@link #tested}; all, if that was never called. */
    Set<String> affected() {
        if (tested == null) {
            return all();
        }
        Map<Path, String> before = tested;
        Set<Path> files = new HashSet<>(before.keySet());
        files.addAll(now.keySet());
        files.removeIf(file -> Objects.equals(before.get(file), now.get(file)));
        if (files.isEmpty()) {
            return Set.of();
        }
        if (files.stream().anyMatch(file -> !file.toString().endsWith(EXTENSION))) { // who reads a resource?
            return all();
        }
        Set<String> reached = depending(files.stream().map(this::nameOf).toList());
        Set<String> affected = new TreeSet<>(all());
        affected.removeIf(test -> {
            String name = test.replace('.', '/');
            return !reached.contains(name) && !findsClasses(name, new HashSet<>());
        });
        return affected;
    }

    /** Returns these classes, and all that refer to one of them, in any number of steps. */
    private Set<String> depending(Collection<String> changed) {
        Map<String, List<String>> users = new HashMap<>();
        classes.forEach((user, facts) -> facts.names().stream()
                .filter(name -> classes.containsKey(name) || changed.contains(name))
                .forEach(name ->
                        users.computeIfAbsent(name, any -> new ArrayList<>()).add(user)));
        Set<String> reached = new HashSet<>(changed);
        Deque<String> next = new ArrayDeque<>(changed);
        while (!next.isEmpty()) {
            for (String user : users.getOrDefault(next.remove(), List.of())) {
                if (reached.add(user)) {
                    next.add(user);
                }
            }
        }
        return reached;
    }

    /** Returns whether an annotation hands the class to a framework, which may find other classes by itself. */
    private boolean findsClasses(String name, Set<String> seen) {
        Known facts = classes.get(name);
        if (facts == null || !seen.add(name)) {
            return false;
        }
        for (String annotation : facts.head().annotations()) {
            boolean finds = classes.containsKey(annotation)
                    ? findsClasses(annotation, seen)
                    : INERT.stream().noneMatch(annotation::startsWith);
            if (finds) {
                return true;
            }
        }
        return facts.head()
                .superName()
                .filter(parent -> findsClasses(parent, seen))
                .isPresent();
    }

    /** The tests that depend on what {@link #look} has seen have been run. */
    void tested() {
        tested = now;
    }
}
