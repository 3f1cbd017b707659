package dev.supervisor.bench.documents;

import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.figures.GenerationTimes;
import dev.supervisor.bench.figures.GenerationsFigures;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ResultFile;
import java.util.List;

/** How long generations took to load and to start. */
final class GenerationTimesTable {

    private GenerationTimesTable() {}

    static String text() {
        var results = ResultFile.readAll("generations", new TypeToken<GenerationsFigures>() {});
        MarkdownTable table = new MarkdownTable(List.of("", "", "loaded", "started"));
        for (int i = 0; i < results.get(0).figures().times().size(); i++) {
            for (ResultFile<GenerationsFigures> result : results) {
                table.row(row(
                        "Java " + result.javaVersion(), result.figures().times().get(i)));
            }
        }
        return table.measuredBy(results);
    }

    private static List<String> row(String java, GenerationTimes times) {
        String which = times.state().equals("cold") ? "%,d classes, the first of a cold JVM" : "%,d classes, %s";
        return List.of(
                MarkdownTable.format(which, times.classes(), times.state()),
                java,
                medianAndP99(times.loaded()),
                medianAndP99(times.started()));
    }

    private static String medianAndP99(Quantiles millis) {
        return MarkdownTable.format("%.1f (%.1f)", millis.median(), millis.p99());
    }
}
