package dev.supervisor.frameworks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the swaps of one application came to.
 *
 * @param swapMillis of each swap, from the rename of the build to the first answer of its
 * @param announced keep-alive connections closed after a response that said so
 * @param closed keep-alive connections closed without announcement
 * @param unloaded former generations that were collected
 */
record Row(
        Framework framework,
        String version,
        List<Long> swapMillis,
        long requests,
        int failed,
        int announced,
        int closed,
        int former,
        int unloaded) {

    private static final String HEAD = """
            | application | version | listens with | swaps | requests | failed | announced closes | keep-alive connections closed without announcement | median swap, ms | former generations unloaded |
            |---|---|---|--:|--:|--:|--:|--:|--:|--:|
            """;

    /** Writes these as a table. */
    static void write(Path file, Map<Framework, Row> rows) throws IOException {
        StringBuilder table = new StringBuilder(HEAD);
        new TreeMap<>(rows).values().forEach(row -> table.append(row.markdown()).append('\n'));
        Files.writeString(file, table);
    }

    private String markdown() {
        return "| " + framework + " | " + version + " | " + framework.listening() + " | " + swapMillis.size() + " | "
                + requests + " | " + failed + " | " + announced + " | " + closed + " | " + median() + " | " + unloaded
                + " of " + former
                + " |";
    }

    private String median() {
        List<Long> sorted = new ArrayList<>(swapMillis);
        sorted.sort(null);
        return sorted.isEmpty() ? "–" : String.valueOf(sorted.get(sorted.size() / 2));
    }
}
