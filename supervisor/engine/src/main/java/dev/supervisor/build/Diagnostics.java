package dev.supervisor.build;

import dev.supervisor.Diagnostic;
import dev.supervisor.Diagnostic.Columns;
import dev.supervisor.text.EscapeSequences;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds errors in the output of a build, line by line. It knows the formats of javac (which Gradle and make show
 * unchanged, and Ant with the task's name before each line), Maven, kotlinc, ecj, of Gradle's and make's own files, and
 * of the many tools that print {@code file:line:column: error: …}. Errors in other formats are not found. Warnings are
 * left out, unless they have made the build fail. Not thread-safe.
 */
public final class Diagnostics {

    /** {@code src/A.java:3: error: ';' expected}, then the source line, and carets below the column. */
    private static final Pattern JAVAC = Pattern.compile(
            "(?<indent>\\s*)(?<file>[^\\s^].*\\.\\w+):(?<line>\\d{1,9}): (?:(?<error>error|Fehler|エラー|错误)|warning|Warnung|警告): (?<message>.*)");

    private static final Pattern CARETS = Pattern.compile("(?<before>\\s*)(?<carets>\\^+)\\s*");

    /** {@code 1. ERROR in /abs/A.java (at line 3)}, the source line without indentation, carets, and the message. */
    private static final Pattern ECJ =
            Pattern.compile("\\d+\\. (?:(?<error>ERROR)|WARNING) in (?<file>.+) \\(at line (?<line>\\d{1,9})\\)");

    private static final Pattern ECJ_END = Pattern.compile("-{10}");

    /** {@code Build file '/abs/build.gradle' line: 3}; the message follows below. */
    private static final Pattern GRADLE_SCRIPT =
            Pattern.compile("(?<error>Build file|Settings file|Script) '(?<file>.+)' line: (?<line>\\d{1,9})");

    private static final String GRADLE_WHAT = "* What went wrong:";

    /** The line after which Gradle repeats the messages of javac, in a less exact form. */
    private static final String GRADLE_REPEATS = "> Compilation failed; see the compiler output below.";

    /** {@code [ERROR] /abs/A.java:[3,14] ';' expected}, and details below. */
    private static final Pattern MAVEN = Pattern.compile(
            "\\[(?:(?<error>ERROR)|WARNING)] (?<file>.+\\.\\w+):\\[(?<line>\\d{1,9}),(?<column>\\d{1,9})] (?<message>.*)");

    /**
     * {@code e: file:///abs/A.kt:3:14 expecting ')'}, in the forms of different versions; and the form of most tools.
     */
    private static final List<Pattern> ONE_LINE = List.of(
            Pattern.compile(
                    "(?:(?<error>e:|\\[ERROR])|w:|\\[WARNING]) (?<file>.+\\.kts?):(?<line>\\d{1,9}):(?<column>\\d{1,9}):? (?<message>.*)"),
            Pattern.compile(
                    "(?:(?<error>e:|\\[ERROR])|w:|\\[WARNING]) (?<file>.+\\.kts?): \\((?<line>\\d{1,9}), (?<column>\\d{1,9})\\):? (?<message>.*)"),
            Pattern.compile(
                    "(?<file>\\S.*\\.\\w+):(?<line>\\d{1,9}):(?<column>\\d{1,9}): (?:(?<error>(?:fatal )?error)|warning): (?<message>.*)"));

    /** {@code Makefile:3: *** missing separator.  Stop.} */
    private static final Pattern MAKE =
            Pattern.compile("(?<file>[^\\s:]+):(?<line>\\d{1,9}): (?<error>\\*\\*\\*) (?<message>.*)");

    /** Matches a part that each line with a place has. Most lines do not have it, and the search for it is fast. */
    private static final Pattern NUMBER = Pattern.compile("(?::| line|: ?[\\[(]) ?\\d");

    /** The prefix of all lines of an Ant task; Maven's log levels look the same. */
    private static final Pattern ANT_TASK = Pattern.compile("^ *\\[(?!(?:ERROR|WARNING|INFO)])\\w+](?: |$)");

    /** The sign that Maven runs javac as a process from here on; its columns are then javac's own. */
    private static final String MAVEN_FORKS = "[forked ";

    private static final String WARNINGS_ARE_ERRORS = "-Werror";
    private static final String MAVEN_ERROR = "[ERROR] ";
    private static final int MOST_LINES_TO_CARET = 6;
    private static final int MOST_LINES_OF_MESSAGE = 20;

    /** The most errors that are kept. Later errors mostly follow from the first ones. */
    private static final int MOST = 100;

    /** The most characters of a line that is read. Longer lines contain no message, and would be slow to match. */
    private static final int LONGEST_LINE = 4000;

    private final MakeDirectories directories;

    /** Lines that have been added and not yet read: to read a line, some of the following lines are needed. */
    private final List<String> lines = new ArrayList<>();

    private final Map<String, Diagnostic> errors = new LinkedHashMap<>();
    private final Map<String, Diagnostic> warnings = new LinkedHashMap<>();
    private Columns mavenColumns = Columns.TABS_OF_8;
    private boolean areWarningsErrors;
    private boolean isRepeated;

    /** @param directory where the build runs; relative paths are resolved against it */
    Diagnostics(Path directory) {
        this.directories = new MakeDirectories(directory);
    }

    /** @param directory where the build ran; relative paths are resolved against it */
    public static List<Diagnostic> of(Path directory, List<String> output) {
        Diagnostics diagnostics = new Diagnostics(directory);
        output.stream().map(EscapeSequences::removedFrom).forEach(diagnostics::add);
        return diagnostics.found();
    }

    /** @param line the next line of the output, without escape sequences */
    void add(String line) {
        String plain = line.length() > LONGEST_LINE ? "" : plain(line);
        areWarningsErrors |= plain.contains(WARNINGS_ARE_ERRORS);
        lines.add(plain);
        if (lines.size() > MOST_LINES_OF_MESSAGE) {
            readFirst();
        }
    }

    private static String plain(String line) {
        return ANT_TASK.matcher(line).replaceFirst("");
    }

    /** Returns the errors. Called after the last line. */
    List<Diagnostic> found() {
        while (!lines.isEmpty()) {
            readFirst();
        }
        return List.copyOf((errors.isEmpty() && areWarningsErrors ? warnings : errors).values());
    }

    private void readFirst() {
        String line = lines.get(0);
        directories.follow(line);
        isRepeated |= line.equals(GRADLE_REPEATS) && !errors.isEmpty();
        if (line.contains(MAVEN_FORKS)) {
            mavenColumns = Columns.CHARACTERS;
        }
        if (!isRepeated && NUMBER.matcher(line).find()) {
            read(line);
        }
        lines.remove(0);
    }

    private void read(String line) {
        for (Pattern form : ONE_LINE) {
            Matcher head = form.matcher(line);
            if (head.matches()) {
                add(head, column(head), Columns.CHARACTERS, head.group("message"));
                return;
            }
        }
        Matcher maven = MAVEN.matcher(line);
        Matcher javac = JAVAC.matcher(line);
        Matcher ecj = ECJ.matcher(line);
        Matcher make = MAKE.matcher(line);
        Matcher gradle = GRADLE_SCRIPT.matcher(line);
        if (maven.matches()) {
            add(maven, column(maven), mavenColumns, maven.group("message") + detailsFrom(1, ""));
        } else if (javac.matches()) {
            readJavac(javac);
        } else if (ecj.matches()) {
            readEcj(ecj);
        } else if (make.matches()) {
            add(make, 0, Columns.CHARACTERS, make.group("message"));
        } else if (gradle.matches()) {
            add(gradle, 0, Columns.CHARACTERS, gradleMessage());
        }
    }

    /**
     * Reads an error of javac. Lines between the first line and the source line belong to the message, as do lines like
     * "symbol: …" after the carets.
     */
    private void readJavac(Matcher head) {
        String indent = head.group("indent");
        StringBuilder message = new StringBuilder(head.group("message"));
        for (int caret = 1; caret < Math.min(MOST_LINES_TO_CARET, lines.size()); caret++) {
            Matcher carets = CARETS.matcher(lines.get(caret));
            if (carets.matches()) {
                for (int between = 1; between < caret - 1; between++) {
                    message.append('\n').append(lines.get(between));
                }
                message.append(detailsFrom(caret + 1, indent));
                int column = Math.max(0, carets.group("before").length() + 1 - indent.length());
                boolean isEcj = carets.group("carets").length() > 1; // with -Xemacs
                if (isEcj) {
                    add(head, column - 1, Columns.FROM_INDENTATION, message.toString());
                } else {
                    add(head, column, Columns.CHARACTERS, message.toString());
                }
                return;
            }
            if (JAVAC.matcher(lines.get(caret)).matches()) {
                break;
            }
        }
        add(head, 0, Columns.CHARACTERS, message.toString());
    }

    /** Returns the indented lines that follow a message. */
    private String detailsFrom(int from, String indent) {
        StringBuilder details = new StringBuilder();
        for (int i = from; i < lines.size(); i++) {
            String line = lines.get(i);
            String plain = line.startsWith(MAVEN_ERROR) ? line.substring(MAVEN_ERROR.length()) : line;
            if (!plain.startsWith(indent + "  ") || plain.isBlank()) {
                break;
            }
            details.append('\n').append(plain.strip());
        }
        return details.toString();
    }

    private void readEcj(Matcher head) {
        int column = 0;
        StringBuilder message = new StringBuilder();
        for (String line : lines.subList(1, lines.size())) {
            if (ECJ_END.matcher(line).matches()) {
                break;
            }
            Matcher carets = CARETS.matcher(line);
            if (column == 0 && carets.matches()) {
                column = Math.max(1, carets.group("before").length()); // the source line begins with a tab
            } else if (column > 0) {
                message.append(message.isEmpty() ? "" : "\n").append(line.strip());
            }
        }
        add(head, column, Columns.FROM_INDENTATION, message.toString());
    }

    private String gradleMessage() {
        StringBuilder message = new StringBuilder();
        boolean within = false;
        for (String line : lines.subList(1, lines.size())) {
            if (within && line.startsWith("* ")) {
                break;
            }
            if (within) {
                message.append(line).append('\n');
            }
            within |= line.equals(GRADLE_WHAT);
        }
        return message.toString().stripTrailing();
    }

    private void add(Matcher head, int column, Columns columns, String message) {
        int line = Integer.parseInt(head.group("line"));
        Map<String, Diagnostic> found = head.group("error") == null ? warnings : errors;
        directories
                .resolve(head.group("file").strip())
                .filter(file -> found.size() < MOST)
                .ifPresent(file -> addOnce(found, new Diagnostic(file, line, column, columns, message.strip())));
    }

    /** Adds a diagnostic unless it is known: Maven prints everything twice. */
    private static void addOnce(Map<String, Diagnostic> found, Diagnostic next) {
        String what = next.message().lines().findFirst().orElse("");
        found.putIfAbsent(next.file() + ":" + next.line() + ":" + next.column() + ":" + what, next);
    }

    private static int column(Matcher head) {
        return Integer.parseInt(head.group("column"));
    }
}
