package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.ProjectPaths;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes the source of an application of a given number of classes, all of which are loaded when it starts. It extends
 * {@code Hello}.
 */
public final class GeneratedApplication {

    /** The number of classes that are not generated parts: Hello, its handler, ManyClasses and Part. */
    private static final int OTHER_CLASSES = 4;

    /** The most parts that a method makes, since a method has at most 64 KiB of code. */
    private static final int PARTS_OF_METHOD = 4000;

    private GeneratedApplication() {}

    /**
     * Returns the builds of such an application. All applications in one scratch directory use the same jar in turn.
     */
    public static Builds builds(ScratchDirectory scratch, int classes) throws IOException {
        Path source = scratch.make(classes + "-source").resolve("ManyClasses.java");
        Files.writeString(source, source(classes - OTHER_CLASSES));
        Path former = CompiledClasses.compile(
                        scratch.make(classes + "-classes"), ProjectPaths.source("hello/Hello"), source.toString())
                .provide("generated.ManyClasses")
                .jar(scratch.resolve(classes + "-former.jar"));
        return new Builds(former, scratch.resolve("generated.jar"), "answer.txt");
    }

    private static String source(int parts) {
        int methods = (parts + PARTS_OF_METHOD - 1) / PARTS_OF_METHOD;
        return """
                package generated;

                import java.util.*;

                public class ManyClasses extends hello.Hello {
                    private final List<Part> parts = new ArrayList<>();

                    public ManyClasses() throws java.io.IOException {
                        %s
                    }

                    public void start(dev.supervisor.spi.ApplicationContext context) {
                        if (parts.stream().mapToInt(part -> part.number()).sum() != %d) {
                            throw new IllegalStateException("parts are missing in " + parts.size());
                        }
                        super.start(context);
                    }

                %s}

                interface Part { int number(); }
                """.formatted(
                                joined(0, methods, "make%1$d();", " "),
                                parts * (parts - 1) / 2,
                                IntStream.range(0, methods)
                                        .mapToObj(method -> method(method, parts))
                                        .collect(Collectors.joining()))
                + joined(0, parts, """
                        class Part%1$d implements Part {
                            private final String name = "part %1$d";
                            public int number() { return %1$d; }
                            public String toString() { return name; }
                        }
                        """, "");
    }

    private static String method(int method, int parts) {
        int first = method * PARTS_OF_METHOD;
        String made = joined(first, Math.min(parts, first + PARTS_OF_METHOD), "new Part%1$d()", ", ");
        return "    private void make" + method + "() { Collections.addAll(parts, " + made + "); }\n";
    }

    private static String joined(int from, int to, String format, String separator) {
        return IntStream.range(from, to).mapToObj(format::formatted).collect(Collectors.joining(separator));
    }
}
