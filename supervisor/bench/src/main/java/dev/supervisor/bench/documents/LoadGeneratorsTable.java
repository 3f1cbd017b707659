package dev.supervisor.bench.documents;

import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.figures.LoadGeneratorFigures;
import dev.supervisor.bench.figures.ResultFile;
import java.util.List;

/** The rates of {@code load-test} and wrk. */
final class LoadGeneratorsTable {

    private LoadGeneratorsTable() {}

    static String text() {
        var result = ResultFile.read("load-generators", 25, new TypeToken<List<LoadGeneratorFigures>>() {});
        MarkdownTable table = new MarkdownTable(
                List.of("requests/s with one thread, median", "wrk", "`load-test`", "ratio in the same round"));
        for (LoadGeneratorFigures mode : result.figures()) {
            table.row(List.of(
                    mode.mode(),
                    MarkdownTable.whole(mode.wrk().median()),
                    MarkdownTable.whole(mode.loadTest().median()),
                    MarkdownTable.format("%.2f", mode.ratio().median())));
        }
        return table.measuredBy(List.of(result));
    }
}
