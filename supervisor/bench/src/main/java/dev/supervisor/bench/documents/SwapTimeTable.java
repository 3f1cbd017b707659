package dev.supervisor.bench.documents;

import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.figures.SwapTimeFigures;
import java.util.List;

/** How long swaps of the demo took. */
final class SwapTimeTable {

    private SwapTimeTable() {}

    static String text() {
        var results = ResultFile.readAll("swap-time", new TypeToken<SwapTimeFigures>() {});
        MarkdownTable table = new MarkdownTable(
                List.of("", "median", "maximum", "longest wait of any client", "first swap of a cold JVM"));
        results.forEach(result -> table.row(row("Java " + result.javaVersion(), result.figures())));
        return table.measuredBy(results);
    }

    private static List<String> row(String title, SwapTimeFigures figures) {
        return List.of(
                title,
                MarkdownTable.format("%.1f ms", figures.warm().median()),
                MarkdownTable.format("%.0f ms", figures.warm().maximum()),
                MarkdownTable.format("%.0f ms", Math.max(figures.longestConnecting(), figures.longestKeptAlive())),
                MarkdownTable.format("%.0f ms", figures.cold()));
    }
}
