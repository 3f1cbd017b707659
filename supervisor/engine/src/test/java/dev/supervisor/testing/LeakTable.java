package dev.supervisor.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sources of leaks and what becomes of them, as a table in the documentation: each Java version fills a column of its
 * own, and the newest what is said. Belongs to one thread.
 */
public final class LeakTable {

    private static final Path DOCUMENT = Path.of("../../docs/leaks.md");
    private static final String BEGIN = "<!-- written by LeaksIT -->\n";
    private static final String END = "<!-- end -->\n";
    private static final List<Integer> VERSIONS = List.of(17, 25);

    private record Row(Map<Integer, String> results, String said) {}

    private final Map<LeakSource, String> seen = new LinkedHashMap<>();

    public void add(LeakSource source, String said) {
        seen.put(source, said);
    }

    /** Puts what has been seen into the document, and leaves the columns of other versions. */
    public void write() throws IOException {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf(BEGIN) + BEGIN.length();
        int end = document.indexOf(END, begin);
        Files.writeString(
                DOCUMENT,
                document.substring(0, begin)
                        + rendered(rows(document.substring(begin, end)))
                        + document.substring(end));
    }

    /** Fails if the document has something else of what has been seen; it may have more, if only some tests ran. */
    public void assertWritten() throws IOException {
        int version = Runtime.version().feature();
        if (!VERSIONS.contains(version)) {
            return;
        }
        String document = Files.readString(DOCUMENT);
        Map<String, Row> rows =
                rows(document.substring(document.indexOf(BEGIN) + BEGIN.length(), document.indexOf(END)));
        seen.forEach((source, said) -> {
            Row row = Optional.ofNullable(rows.get(source.name())).orElseThrow(() -> outdated(source, "missing"));
            String result = row.results().get(version);
            if (!source.resultWord().equals(result)
                    || (isNewest() && !general(said).equals(row.said()))) {
                throw outdated(source, result + ": " + row.said() + ", but seen " + general(said));
            }
        });
    }

    private static AssertionError outdated(LeakSource source, String how) {
        return new AssertionError("the table in docs/leaks.md is outdated (run LeaksIT with -Dleaks.write=true): "
                + source.name() + " is " + how);
    }

    private static boolean isNewest() {
        return Runtime.version().feature() == VERSIONS.get(VERSIONS.size() - 1);
    }

    /** Numbers differ from run to run, and the directory of temporary files from one machine to another. */
    private static String general(String said) {
        return said.replace(System.getProperty("java.io.tmpdir"), "/tmp")
                .replaceAll("\\d+", "N")
                .replace("|", "\\|");
    }

    private Map<String, Row> rows(String table) {
        Map<String, Row> rows = new LinkedHashMap<>();
        Map<String, Row> before = new LinkedHashMap<>();
        table.lines().skip(2).forEach(line -> {
            List<String> cells = List.of(line.split("(?<!\\\\)\\|", -1));
            Map<Integer, String> results = new LinkedHashMap<>();
            for (int i = 0; i < VERSIONS.size(); i++) {
                results.put(VERSIONS.get(i), cells.get(i + 2).strip());
            }
            before.put(cells.get(1).strip(), new Row(results, unquoted(cells.get(VERSIONS.size() + 2))));
        });
        if (!Boolean.getBoolean("leaks.write")) {
            return before;
        }
        for (LeakSource source : LeakSources.all()) {
            rows.put(source.name(), merged(source, Optional.ofNullable(before.get(source.name()))));
        }
        return rows;
    }

    private static String unquoted(String cell) {
        return cell.strip().replaceAll("^`|`$", "");
    }

    private Row merged(LeakSource source, Optional<Row> before) {
        Map<Integer, String> results = new LinkedHashMap<>();
        VERSIONS.forEach(version -> results.put(
                version, before.map(row -> row.results().get(version)).orElse("")));
        String said = before.map(Row::said).orElse("");
        if (seen.containsKey(source)) {
            results.put(Runtime.version().feature(), source.resultWord());
            said = isNewest() || said.isEmpty() ? general(seen.get(source)) : said;
        }
        VERSIONS.stream().filter(version -> version < source.since()).forEach(version -> results.put(version, "–"));
        return new Row(results, said);
    }

    private static String rendered(Map<String, Row> rows) {
        List<String> lines = new ArrayList<>();
        lines.add("| what the application leaves | Java 17 | Java 25 | what the supervisor reports |");
        lines.add("|---|---|---|---|");
        rows.forEach((name, row) ->
                lines.add("| " + name + " | " + String.join(" | ", row.results().values()) + " | "
                        + (row.said().isEmpty() ? "" : "`" + row.said() + "`") + " |"));
        return String.join("\n", lines) + "\n";
    }
}
