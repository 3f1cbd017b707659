package dev.supervisor.bench.documents;

import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.figures.SaveFigures;
import java.util.List;

/** How long it took from saves to new answers. */
final class SaveTable {

    private SaveTable() {}

    static String text() {
        var result = ResultFile.read("save", 25, new TypeToken<List<SaveFigures>>() {});
        MarkdownTable table = new MarkdownTable(List.of(
                "`--build`",
                "from the save to the end of the new answer",
                "of it the build",
                "before it: the save is seen, and settles for 50 ms",
                "after it: snapshot, load, start, answer",
                "the build's share",
                "answers of the former build before the save was seen"));
        result.figures().forEach(figures -> table.row(row(figures)));
        return table.measuredBy(List.of(result));
    }

    private static List<String> row(SaveFigures figures) {
        return List.of(
                "`" + figures.builtBy() + "`",
                MarkdownTable.wholeMedianAndMaximum(figures.total()),
                MarkdownTable.wholeMedianAndMaximum(figures.build()),
                MarkdownTable.wholeMedianAndMaximum(figures.before()),
                MarkdownTable.wholeMedianAndMaximum(figures.after()),
                MarkdownTable.format("%.0f%%", figures.buildShare() * 100),
                MarkdownTable.count(figures.formerAnswers()));
    }
}
