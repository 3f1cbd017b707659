package dev.supervisor.bench.builds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Writes sources of usual size that refer to each other. The application's answer is made of the text of one of them,
 * {@link #BODY}, and of a constant in {@link #CONSTANT}, which four of them use. It needs a tenth of the classes.
 */
public final class GeneratedParts {

    /** A source, of which a method's body is saved. */
    public static final String BODY = "src/main/java/parts/p02/Part0050.java";

    /** A source, of which a constant is saved. */
    public static final String CONSTANT = "src/main/java/parts/Label.java";

    /** Sources that are no parts: the entry, the answer, the label. */
    private static final int OTHERS = 3;

    private static final int PARTS_OF_PACKAGE = 20;
    private static final int SAVED = 50;
    private static final int USERS_OF_CONSTANT = 4;

    private GeneratedParts() {}

    /**
     * Writes the sources, among them the application's answer.
     *
     * @param sources how many the project has then
     */
    static void write(Path root, int sources) throws IOException {
        int parts = sources - OTHERS;
        put(root.resolve("parts/Label.java"), """
                package parts;

                /** A constant, which compilers put into the classes that use it. */
                public final class Label {

                    public static final String TEXT = "label of build 0.\\n";

                    private Label() {}
                }
                """);
        put(root.resolve("app/Answer.java"), answer(parts));
        for (int part = 0; part < parts; part++) {
            put(root.resolve(packageOf(part).replace('.', '/')).resolve(nameOf(part) + ".java"), part(part, parts));
        }
    }

    private static void put(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String packageOf(int part) {
        return "parts.p%02d".formatted(part / PARTS_OF_PACKAGE);
    }

    private static String nameOf(int part) {
        return "Part%04d".formatted(part);
    }

    private static String fullNameOf(int part) {
        return packageOf(part) + "." + nameOf(part);
    }

    /** The last parts use the constant. */
    private static boolean usesConstant(int part, int parts) {
        return part >= parts - USERS_OF_CONSTANT;
    }

    private static String answer(int parts) {
        String made = IntStream.iterate(0, part -> part < parts, part -> part + 10)
                .mapToObj(part -> "new " + fullNameOf(part) + "(null, null)")
                .collect(Collectors.joining(",\n        "));
        return """
                package app;

                import java.util.List;

                /** The text of a part, and that of a constant. */
                public final class Answer {

                    private static final List<Object> PARTS = List.of(new Object[] {
                        %s
                    });

                    private Answer() {}

                    public static String text() {
                        return %s.text() + %s.text() + PARTS.size() + " parts\\n";
                    }
                }
                """.formatted(made, fullNameOf(SAVED), fullNameOf(parts - 1));
    }

    private static String part(int part, int parts) {
        String text = usesConstant(part, parts)
                ? "parts.Label.TEXT"
                : part == SAVED ? "\"body of build 0.\\n\"" : "\"part " + part + "\\n\"";
        return SOURCE.replace("PACKAGE", packageOf(part))
                .replace("FORMER", fullNameOf(Math.max(0, part - 1)))
                .replace("PARENT", fullNameOf(part / 2))
                .replace("NAME", nameOf(part))
                .replace("LIMIT_VALUE", String.valueOf(100 + part))
                .replace("TEXT_VALUE", text);
    }

    private static final String SOURCE = """
            package PACKAGE;

            import java.util.ArrayList;
            import java.util.LinkedHashMap;
            import java.util.List;
            import java.util.Map;
            import java.util.stream.Collectors;

            /** Counts items, and asks two other parts for theirs. */
            public final class NAME {

                /** What is counted. */
                public record Item(String name, int amount, List<String> tags) {

                    public boolean isLarge() {
                        return amount > LIMIT;
                    }
                }

                private static final int LIMIT = LIMIT_VALUE;

                private final Map<String, Item> items = new LinkedHashMap<>();
                private final FORMER former;
                private final PARENT parent;

                public NAME(FORMER former, PARENT parent) {
                    this.former = former;
                    this.parent = parent;
                }

                public static String text() {
                    return TEXT_VALUE;
                }

                public NAME add(String name, int amount, List<String> tags) {
                    items.merge(name, new Item(name, amount, List.copyOf(tags)), (first, second) ->
                            new Item(name, first.amount() + second.amount(), first.tags()));
                    return this;
                }

                public int total() {
                    int own = items.values().stream().mapToInt(Item::amount).sum();
                    return own + (former == null ? 0 : former.total()) + (parent == null ? 0 : parent.total());
                }

                public List<String> names() {
                    List<String> names = new ArrayList<>(items.keySet());
                    if (former != null) {
                        names.addAll(former.names());
                    }
                    return names;
                }

                public Map<Boolean, List<String>> bySize() {
                    return items.values().stream().collect(Collectors.partitioningBy(
                            Item::isLarge, Collectors.mapping(Item::name, Collectors.toList())));
                }
            }
            """;
}
