package dev.supervisor.compile;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Changes the sources of a project at random, many times, and compares each incremental build with one from scratch. The
 * sources refer to each other in all the ways that a compiler treats in a special manner.
 */
final class RandomChangesTest {

    private static final int STEPS = Integer.getInteger("random.changes", 50);
    private static final int TYPES = 9;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final TreeMap<String, String> sources = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anIncrementalBuildEndsAsOneFromScratch(long seed) throws IOException {
        Random random = new Random(seed + Long.getLong("random.seed", 0));
        try (TestProject project = new TestProject(directory, "lib", "app")) {
            for (int i = 0; i < TYPES; i++) {
                write(project, i, "package " + packageOf(i) + "; public class T" + i + " {}");
            }
            project.good();
            TreeMap<String, String> lastGood = new TreeMap<>(sources);
            int good = 0;
            for (int step = 0; step < STEPS; step++) {
                int changes = 1 + random.nextInt(2);
                for (int i = 0; i < changes; i++) {
                    change(project, random.nextInt(TYPES), random);
                }
                if (random.nextInt(15) == 0) {
                    project.reopen();
                }
                if (!project.compileAsFromScratch().messages().hasErrors()) {
                    good++;
                    lastGood = new TreeMap<>(sources);
                } else if (random.nextInt(4) > 0) {
                    goBack(project, lastGood);
                    project.good();
                }
            }
            int successes = good;
            assertTrue(successes > STEPS / 4, () -> "only " + successes + " builds had no error");
        }
    }

    private void goBack(TestProject project, Map<String, String> former) throws IOException {
        for (String name : List.copyOf(sources.keySet())) {
            if (!former.containsKey(name)) {
                project.delete(name);
            }
        }
        for (Map.Entry<String, String> source : former.entrySet()) {
            if (!source.getValue().equals(sources.get(source.getKey()))) {
                project.write(source.getKey(), source.getValue());
            }
        }
        sources.clear();
        sources.putAll(former);
    }

    private void write(TestProject project, int number, String source) throws IOException {
        sources.put(fileOf(number), source);
        project.write(fileOf(number), source);
    }

    private static String fileOf(int number) {
        return (number < TYPES / 2 ? "lib/" : "app/") + packageOf(number) + "/T" + number + ".java";
    }

    /** The later types may use the earlier ones; the first ones are in the library. */
    private void change(TestProject project, int number, Random random) throws IOException {
        String name = fileOf(number);
        if (sources.containsKey(name) && random.nextInt(12) == 0) {
            sources.remove(name);
            project.delete(name);
        } else {
            write(project, number, source(number, random));
        }
    }

    private String sourceOf(String type) {
        return sources.getOrDefault(fileOf(Integer.parseInt(type.substring(1))), "");
    }

    private static String packageOf(int number) {
        return number % 3 == 0 ? "p" : number < TYPES / 2 ? "q" : "r";
    }

    private String source(int number, Random random) {
        StringBuilder text = new StringBuilder("package " + packageOf(number) + ";\nimport p.*;\nimport q.*;\n");
        List<Integer> earlier = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            if (sources.containsKey(fileOf(i))
                    && (!packageOf(i).equals("r") || packageOf(number).equals("r"))) {
                earlier.add(i);
            }
        }
        String other = earlier.isEmpty() ? "" : "T" + earlier.get(random.nextInt(earlier.size()));
        String another = earlier.isEmpty() ? "" : "T" + earlier.get(random.nextInt(earlier.size()));
        boolean statics = !other.isEmpty() && random.nextInt(3) == 0;
        if (statics) {
            String of = packageOf(Integer.parseInt(other.substring(1)));
            text.append("import static ").append(of).append('.').append(other).append(".*;\n");
        }
        String self = "T" + number;
        String parent = !another.isEmpty() && random.nextInt(3) == 0 ? " extends " + another : "";
        text.append(random.nextInt(8) == 0 ? "@Deprecated\n" : "")
                .append("public class ")
                .append(self)
                .append(parent)
                .append(" {\n");
        constant(text, other, random);
        text.append("  public static String f(Object o) { return \"o")
                .append(random.nextInt(2))
                .append("\"; }\n");
        if (random.nextBoolean()) {
            text.append("  public static String f(")
                    .append(pick(random, "int", "long", "Integer"))
                    .append(" i) { return \"i\"; }\n");
        }
        text.append("  public ")
                .append(pick(random, "int", "long", "int"))
                .append(" m")
                .append(random.nextInt(2))
                .append("() { return ")
                .append(random.nextInt(3))
                .append("; }\n");
        if (random.nextBoolean()) {
            text.append("  public enum E { A, B")
                    .append(random.nextBoolean() ? ", C" : "")
                    .append(" }\n");
        }
        if (random.nextBoolean()) {
            text.append("  public record R(")
                    .append(pick(random, "int", "long"))
                    .append(" a, String b) {}\n");
        }
        if (random.nextBoolean()) {
            text.append("  public interface I { ")
                    .append(pick(random, "void x();", "void x(); default void y() {}", "void x(); void z();"))
                    .append(" }\n");
        }
        text.append("  private int secret = ").append(random.nextInt(3)).append(";\n");
        if (!other.isEmpty()) {
            uses(text, other, another, statics, random);
        }
        text.append("}\n");
        if (random.nextInt(6) == 0) {
            text.append("class Extra").append(random.nextInt(2)).append(" {}\n");
        }
        return text.toString();
    }

    private void constant(StringBuilder text, String other, Random random) {
        text.append("  public static final ")
                .append(pick(random, "int", "long", "int"))
                .append(" K = ");
        boolean copied =
                !other.isEmpty() && random.nextBoolean() && sourceOf(other).contains(" K = ");
        text.append(copied ? "(int) " + other + ".K + 1" : random.nextInt(3));
        text.append(";\n");
    }

    private void uses(StringBuilder text, String other, String another, boolean statics, Random random) {
        List<String> possible = new ArrayList<>(List.of("int u() { return " + other + ".class.hashCode(); }"));
        String theirs = sourceOf(other);
        String others = sourceOf(another);
        if (theirs.contains(" f(")) {
            possible.add("String u() { return " + other + ".f(1); }");
        }
        if (others.contains(" m0(")) {
            possible.add("long u() { var x = new " + another + "(); return x.m0(); }");
        }
        if (others.contains(" m1(")) {
            possible.add("java.util.function.Supplier<?> u() { return new " + another + "()::m1; }");
        }
        if (theirs.contains("enum E { A, B }")) {
            possible.add("int u(" + other + ".E e) { return switch (e) { case A -> 1; case B -> 2; }; }");
        }
        if (theirs.contains("record R")) {
            possible.add("Object u() { return new " + other + ".R(1, \"b\").a(); }");
        }
        if (theirs.contains("interface I")) {
            possible.add(other + ".I u() { return () -> {}; }");
            possible.add("class U implements " + other + ".I { public void x() {} }");
        }
        if (theirs.contains(" K = ")) {
            possible.add("@SuppressWarnings(\"\" + " + other + ".K) int u() { return 0; }");
            possible.add("boolean u() { return " + other + ".K > 1; }");
        }
        text.append("  ").append(possible.get(random.nextInt(possible.size()))).append('\n');
        if (statics && theirs.contains(" f(") && theirs.contains(" K = ")) {
            text.append("  String v() { return f(")
                    .append(random.nextBoolean() ? "K" : "\"\"")
                    .append("); }\n");
        }
    }

    private static String pick(Random random, String... some) {
        return some[random.nextInt(some.length)];
    }
}
