package dev.supervisor.bench.documents;

import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.figures.ReloadFigures;
import dev.supervisor.bench.figures.ResultFile;
import java.util.List;

/** The experience of clients at reloads, under the supervisor and under its rivals. */
final class ReloadTable {

    private ReloadTable() {}

    static String text() {
        var result = ResultFile.read("reload", 25, new TypeToken<List<ReloadFigures>>() {});
        MarkdownTable table = new MarkdownTable(List.of(
                "",
                "to the first new answer: median (max)",
                "longest stall: median (max)",
                "requests failed",
                "of them refused",
                "stale answers",
                "keep-alive connections closed",
                "requests in flight cut"));
        result.figures().forEach(rival -> table.row(row(rival)));
        return table.measuredBy(List.of(result));
    }

    private static List<String> row(ReloadFigures rival) {
        return List.of(
                RivalTitles.of(rival.rival()),
                MarkdownTable.wholeMedianAndMaximum(rival.firstAnswerMillis()),
                MarkdownTable.wholeMedianAndMaximum(rival.stallMillis()),
                MarkdownTable.count(rival.failed()),
                MarkdownTable.count(rival.refused()),
                MarkdownTable.count(rival.stale()),
                MarkdownTable.count(rival.keepAlive().closed()),
                MarkdownTable.count(rival.cut()));
    }
}
