package dev.supervisor.build;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds errors in the output of a build: in the forms of javac (which Gradle, Ant and make show as they are), of Maven's
 * compiler plugin, of kotlinc and of ecj. Warnings are left out; what is in no such form is not found.
 */
public final class Diagnostics {

    /** {@code src/A.java:3: error: ';' expected}, then the source line, and a caret below the column. */
    private static final Pattern JAVAC = Pattern.compile("(?<file>\\S.*\\.\\w+):(?<line>\\d+): error: (?<message>.*)");

    private static final Pattern CARET = Pattern.compile("( *)\\^ *");

    /** {@code [ERROR] /abs/A.java:[3,14] ';' expected}. */
    private static final Pattern MAVEN =
            Pattern.compile("\\[ERROR] (?<file>.+\\.\\w+):\\[(?<line>\\d+),(?<column>\\d+)] (?<message>.*)");

    /** {@code e: file:///abs/A.kt:3:14 expecting ')'}. */
    private static final Pattern KOTLINC =
            Pattern.compile("e: (?:file://)?(?<file>.+\\.kts?):(?<line>\\d+):(?<column>\\d+):? (?<message>.*)");

    /** {@code 1. ERROR in /abs/A.java (at line 3)}, the source line, carets, and the message. */
    private static final Pattern ECJ = Pattern.compile("\\d+\\. ERROR in (?<file>.+) \\(at line (?<line>\\d+)\\)");

    private static final Pattern ECJ_CARETS = Pattern.compile("(\\s*)\\^+\\s*");
    private static final Pattern ECJ_END = Pattern.compile("-{10}");

    /** Terminal colors and the like. */
    private static final Pattern ESCAPES = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]");

    private static final int MOST_LINES_TO_CARET = 6;

    private final Path directory;
    private final List<String> lines;
    private final List<Diagnostic> found = new ArrayList<>();

    private Diagnostics(Path directory, List<String> lines) {
        this.directory = directory;
        this.lines = lines;
    }

    /** @param directory where the build ran, which relative paths begin at */
    public static List<Diagnostic> of(Path directory, List<String> output) {
        List<String> plain = output.stream()
                .map(line -> ESCAPES.matcher(line).replaceAll(""))
                .toList();
        Diagnostics diagnostics = new Diagnostics(directory, plain);
        for (int i = 0; i < plain.size(); i++) {
            diagnostics.readAt(i);
        }
        return withoutRepetitions(diagnostics.found);
    }

    /** Maven says everything twice. */
    private static List<Diagnostic> withoutRepetitions(List<Diagnostic> all) {
        Map<String, Diagnostic> byPlace = new LinkedHashMap<>();
        all.forEach(each -> byPlace.putIfAbsent(each.file() + ":" + each.line() + ":" + each.column(), each));
        return List.copyOf(byPlace.values());
    }

    private void readAt(int i) {
        String line = lines.get(i);
        Matcher maven = MAVEN.matcher(line);
        if (maven.matches()) {
            add(maven, column(maven), maven.group("message"));
            return;
        }
        Matcher kotlinc = KOTLINC.matcher(line);
        if (kotlinc.matches()) {
            add(kotlinc, column(kotlinc), kotlinc.group("message"));
            return;
        }
        Matcher javac = JAVAC.matcher(line);
        if (javac.matches()) {
            readJavac(javac, i);
            return;
        }
        Matcher ecj = ECJ.matcher(line);
        if (ecj.matches()) {
            readEcj(ecj, i);
        }
    }

    /** What stands between the message and the source line belongs to the message, as "symbol: …" after it does. */
    private void readJavac(Matcher head, int i) {
        StringBuilder message = new StringBuilder(head.group("message"));
        for (int caret = i + 1; caret < Math.min(i + MOST_LINES_TO_CARET, lines.size()); caret++) {
            Matcher column = CARET.matcher(lines.get(caret));
            if (column.matches()) {
                for (int between = i + 1; between < caret - 1; between++) {
                    message.append('\n').append(lines.get(between));
                }
                appendDetails(message, caret + 1);
                add(head, column.group(1).length() + 1, message.toString());
                return;
            }
            if (JAVAC.matcher(lines.get(caret)).matches()) {
                break;
            }
        }
        add(head, 0, message.toString());
    }

    private void appendDetails(StringBuilder message, int from) {
        for (int i = from; i < lines.size() && lines.get(i).startsWith("  "); i++) {
            message.append('\n').append(lines.get(i).strip());
        }
    }

    private void readEcj(Matcher head, int i) {
        int column = 0;
        StringBuilder message = new StringBuilder();
        for (int next = i + 1; next < lines.size(); next++) {
            String line = lines.get(next);
            if (ECJ_END.matcher(line).matches()) {
                break;
            }
            Matcher carets = ECJ_CARETS.matcher(line);
            if (column == 0 && carets.matches()) {
                column = carets.group(1).length() + 1;
            } else if (column > 0) {
                message.append(message.isEmpty() ? "" : "\n").append(line.strip());
            }
        }
        add(head, column, message.toString());
    }

    private void add(Matcher head, int column, String message) {
        path(head.group("file"))
                .ifPresent(file ->
                        found.add(new Diagnostic(file, Integer.parseInt(head.group("line")), column, message.strip())));
    }

    private static int column(Matcher head) {
        return Integer.parseInt(head.group("column"));
    }

    private Optional<Path> path(String file) {
        try {
            return Optional.of(directory.resolve(file.strip()).normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
