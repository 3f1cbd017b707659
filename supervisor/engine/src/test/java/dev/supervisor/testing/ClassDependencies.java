package dev.supervisor.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/** The dependencies of built classes on each other, as {@code jdeps} reports them; nested classes count as their outer one. */
public final class ClassDependencies {

    private static final Pattern DEPENDENCY = Pattern.compile("^ {3}(\\S+)\\s+-> (\\S+)", Pattern.MULTILINE);

    private final Map<String, Set<String>> targets = new TreeMap<>();

    private ClassDependencies() {}

    /**
     * @param classes a directory of classes, or a jar
     * @param prefix of the names of the classes that count
     */
    public static ClassDependencies read(Path classes, String prefix) {
        StringWriter out = new StringWriter();
        ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(out),
                        "--ignore-missing-deps",
                        "--multi-release",
                        "base",
                        "-verbose:class",
                        "-filter:none",
                        classes.toString());
        ClassDependencies dependencies = new ClassDependencies();
        Matcher matcher = DEPENDENCY.matcher(out.toString());
        while (matcher.find()) {
            dependencies.add(outer(matcher.group(1)), outer(matcher.group(2)), prefix);
        }
        if (dependencies.targets.isEmpty()) {
            throw new IllegalStateException("jdeps has found no dependency in " + classes + ": " + out);
        }
        return dependencies;
    }

    private static String outer(String name) {
        return name.replaceFirst("\\$.*", "");
    }

    private void add(String from, String to, String prefix) {
        if (from.startsWith(prefix) && to.startsWith(prefix) && !from.equals(to)) {
            targets.computeIfAbsent(from, unused -> new TreeSet<>()).add(to);
        }
    }

    /** Returns the groups of at least two classes in which each class reaches every other one. */
    public List<Set<String>> groups() {
        return new Search().groups();
    }

    /** The algorithm of Tarjan, "Depth-first search and linear graph algorithms" (1972). */
    private final class Search {

        private final Map<String, Integer> order = new HashMap<>();
        private final Map<String, Integer> lowest = new HashMap<>();
        private final Deque<String> open = new ArrayDeque<>();
        private final List<Set<String>> groups = new ArrayList<>();

        List<Set<String>> groups() {
            targets.keySet().stream().filter(name -> !order.containsKey(name)).forEach(this::visit);
            return groups;
        }

        private void visit(String name) {
            order.put(name, order.size());
            lowest.put(name, order.get(name));
            open.push(name);
            for (String target : targets.getOrDefault(name, Set.of())) {
                if (!order.containsKey(target)) {
                    visit(target);
                }
                if (open.contains(target)) {
                    lowest.merge(name, lowest.get(target), Math::min);
                }
            }
            if (lowest.get(name).equals(order.get(name))) {
                close(name);
            }
        }

        private void close(String name) {
            Set<String> group = new TreeSet<>();
            while (!group.contains(name)) {
                group.add(open.pop());
            }
            if (group.size() > 1) {
                groups.add(group);
            }
        }
    }
}
