package dev.supervisor.bench.documents;

import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.figures.GenerationsFigures;
import dev.supervisor.bench.figures.GenerationsFigures.Run;
import dev.supervisor.bench.figures.GenerationsFigures.Series;
import dev.supervisor.bench.figures.ResultFile;
import java.util.List;

/** The resources in use when a JVM was warm, and after many generations. */
final class GenerationsTable {

    private GenerationsTable() {}

    static String text() {
        var results = ResultFile.readAll("generations", new TypeToken<GenerationsFigures>() {});
        MarkdownTable table =
                new MarkdownTable(List.of("", "", "heap, MiB", "metaspace, MiB", "threads", "descriptors", "problems"));
        for (int run = 0; run < results.get(0).figures().inUse().size(); run++) {
            for (ResultFile<GenerationsFigures> result : results) {
                GenerationsFigures figures = result.figures();
                table.row(row("Java " + result.javaVersion(), figures.inUse().get(run), figures.problems()));
            }
        }
        return table.measuredBy(results);
    }

    private static List<String> row(String java, Run run, int problems) {
        return List.of(
                MarkdownTable.format("%,d classes, %,d generations", run.classes(), run.generations()),
                java,
                change("%.2f → %.2f", run, Series.HEAP),
                change("%.2f → %.2f", run, Series.METASPACE),
                change("%.0f → %.0f", run, Series.THREADS),
                change("%.0f → %.0f", run, Series.DESCRIPTORS),
                MarkdownTable.count(problems));
    }

    private static String change(String format, Run run, Series series) {
        return MarkdownTable.format(format, run.warm(series), run.end(series));
    }
}
