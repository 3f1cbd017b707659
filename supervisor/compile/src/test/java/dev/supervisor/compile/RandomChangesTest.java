package dev.supervisor.compile;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private static final int STEPS = Integer.getInteger("random.changes", 60);
    private static final int TYPES = 9;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final TreeMap<String, String> sources = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void anIncrementalBuildEndsAsOneFromScratch(long seed) throws IOException {
        Random random = new Random(seed + Long.getLong("random.seed", 0));
        try (TestProject project = new TestProject(directory, "lib", "app")) {
            for (int i = 0; i < TYPES; i++) {
                change(project, i, random);
            }
            project.compileAsFromScratch();
            int good = 0;
            for (int step = 0; step < STEPS; step++) {
                int changes = 1 + random.nextInt(2);
                for (int i = 0; i < changes; i++) {
                    change(project, random.nextInt(TYPES), random);
                }
                if (random.nextInt(15) == 0) {
                    project.reopen();
                }
                good += project.compileAsFromScratch().messages().hasErrors() ? 0 : 1;
            }
            int successes = good;
            assertTrue(successes > STEPS / 5, () -> "only " + successes + " builds had no error");
        }
    }

    /** The later types may use the earlier ones; the first ones are in the library. */
    private void change(TestProject project, int number, Random random) throws IOException {
        String packaze = packageOf(number);
        String name = (number < TYPES / 2 ? "lib/" : "app/") + packaze + "/T" + number + ".java";
        if (sources.containsKey(name) && random.nextInt(12) == 0) {
            sources.remove(name);
            project.delete(name);
            return;
        }
        String source = source(number, random);
        sources.put(name, source);
        project.write(name, source);
    }

    private static String packageOf(int number) {
        return number % 3 == 0 ? "p" : number < TYPES / 2 ? "q" : "r";
    }

    private String source(int number, Random random) {
        StringBuilder text = new StringBuilder("package " + packageOf(number) + ";\nimport p.*;\nimport q.*;\n");
        List<Integer> earlier = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String prefix = (i < TYPES / 2 ? "lib/" : "app/") + packageOf(i) + "/T" + i + ".java";
            if (sources.containsKey(prefix)
                    && !(packageOf(i).equals("r") && !packageOf(number).equals("r"))) {
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

    private static void constant(StringBuilder text, String other, Random random) {
        text.append("  public static final ")
                .append(pick(random, "int", "long", "int"))
                .append(" K = ");
        text.append(!other.isEmpty() && random.nextBoolean() ? "(int) " + other + ".K + 1" : random.nextInt(3));
        text.append(";\n");
    }

    private static void uses(StringBuilder text, String other, String another, boolean statics, Random random) {
        String use = switch (random.nextInt(9)) {
            case 0 -> "String u() { return " + other + ".f(1); }";
            case 1 -> "long u() { var x = new " + another + "(); return x.m0(); }";
            case 2 -> "int u(" + other + ".E e) { return switch (e) { case A -> 1; case B -> 2; }; }";
            case 3 -> "Object u() { return new " + other + ".R(1, \"b\").a(); }";
            case 4 -> other + ".I u() { return () -> {}; }";
            case 5 -> "class U implements " + other + ".I { public void x() {} }";
            case 6 -> "java.util.function.Supplier<?> u() { return new " + another + "()::m1; }";
            case 7 -> "@SuppressWarnings(\"\" + " + other + ".K) int u() { return 0; }";
            default -> "boolean u() { return (" + other + ".K > 1) && " + another + ".K == 2; }";
        };
        text.append("  ").append(use).append('\n');
        if (statics) {
            text.append("  String v() { return f(")
                    .append(random.nextInt(2) == 0 ? "K" : "\"\"")
                    .append("); }\n");
        }
    }

    private static String pick(Random random, String... some) {
        return some[random.nextInt(some.length)];
    }
}
