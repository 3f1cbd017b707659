package dev.supervisor.documents;

import dev.supervisor.testing.Document;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The lines that a transcript in a document shows, whose figures may be others: what was printed has them, in this order,
 * and perhaps others between them.
 */
final class ShownLines {

    private static final Pattern FIGURE = Pattern.compile("\\d[\\d.,]*");
    private static final Pattern REMARK = Pattern.compile("\\s{2,}# .*");

    private ShownLines() {}

    /** Returns the lines without the remarks behind them, and without the commands. */
    static List<String> of(Document.Block block) {
        return block.text()
                .lines()
                .map(line -> REMARK.matcher(line).replaceFirst(""))
                .filter(line -> !line.startsWith("$ ")
                        && !line.isBlank()
                        && !line.strip().equals("…"))
                .toList();
    }

    /** Returns the command that stands behind a prompt. */
    static String command(Document.Block block) {
        return REMARK.matcher(block.firstLine()).replaceFirst("").substring("$ ".length());
    }

    /** Returns a pattern of the line with any figures. */
    static String pattern(String line) {
        return FIGURE.splitAsStream(line.strip() + "\n")
                .map(part -> part.strip().isEmpty() ? "\\s*" : spaced(part))
                .collect(Collectors.joining("[\\d.,]+"));
    }

    private static String spaced(String part) {
        String words = Pattern.compile("\\s+")
                .splitAsStream(part.strip())
                .map(word -> Pattern.quote(word).replace("…", "\\E.*\\Q"))
                .collect(Collectors.joining("\\s+"));
        return (Character.isWhitespace(part.charAt(0)) ? "\\s+" : "")
                + words
                + (Character.isWhitespace(part.charAt(part.length() - 1)) ? "\\s*" : "");
    }

    /** Fails with the first line that is missing. */
    static void assertIn(String printed, List<String> shown) {
        Deque<String> rest = new ArrayDeque<>(printed.lines().toList());
        for (String line : shown) {
            String pattern = pattern(line);
            while (!rest.isEmpty() && !rest.peek().strip().matches(pattern)) {
                rest.remove();
            }
            if (rest.isEmpty()) {
                throw new AssertionError(
                        "no line is '" + line + "' (with any figures, " + pattern + ") in\n" + printed);
            }
            rest.remove();
        }
    }
}
