package dev.supervisor.bench.documents;

import dev.supervisor.bench.tools.ProjectPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Markdown files with figures of benchmarks. Figures are in blocks between two comments, which are made from the
 * files of results:
 *
 * <pre>
 * &lt;!-- figures: NAME --&gt;
 * ...
 * &lt;!-- end of figures --&gt;
 * </pre>
 */
public final class Documents {

    private static final List<String> NAMES =
            List.of("CHANGELOG.md", "docs/benchmarks.md", "docs/decisions.md", "docs/load-test.md", "docs/programs.md");
    private static final String BEGIN = "<!-- figures: %s -->\n";
    private static final String END = "<!-- end of figures -->";
    private static final Pattern BLOCK = Pattern.compile(BEGIN.formatted("([\\w-]+)") + "(.*?)" + END, Pattern.DOTALL);

    private Documents() {}

    /** Replaces the text of each block by the current results. */
    public static void write() throws IOException {
        for (String name : NAMES) {
            Path file = ProjectPaths.ROOT.resolve(name);
            String document = Files.readString(file);
            String rendered = render(document);
            if (!rendered.equals(document)) {
                Files.writeString(file, rendered);
                System.out.println("written: " + name);
            }
        }
    }

    /** Returns the blocks that differ from their results, such as {@code README.md: swap-time}. */
    public static List<String> outdated() throws IOException {
        List<String> outdated = new ArrayList<>();
        for (String name : NAMES) {
            blocks(name).stream()
                    .filter(block -> !block.group().equals(rendered(block)))
                    .forEach(block -> outdated.add(name + ": " + block.group(1)));
        }
        return outdated;
    }

    /** Returns the names of all blocks in the documents. */
    static List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : NAMES) {
            blocks(name).forEach(block -> names.add(block.group(1)));
        }
        return names;
    }

    private static List<MatchResult> blocks(String name) throws IOException {
        return BLOCK.matcher(Files.readString(ProjectPaths.ROOT.resolve(name)))
                .results()
                .toList();
    }

    static String render(String document) {
        return BLOCK.matcher(document).replaceAll(block -> Matcher.quoteReplacement(rendered(block)));
    }

    private static String rendered(MatchResult block) {
        return BEGIN.formatted(block.group(1))
                + FigureBlock.named(block.group(1)).text()
                + END;
    }
}
