package dev.supervisor.bench.documents;

import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.figures.SteadyStateFigures;
import dev.supervisor.bench.figures.SteadyStateFigures.OfServer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The cost of the supervisor while nothing is swapped, compared with plain Netty and nginx. */
final class SteadyStateTable {

    private SteadyStateTable() {}

    static String text() {
        var results = ResultFile.readAll("steady-state", new TypeToken<List<SteadyStateFigures>>() {});
        MarkdownTable table =
                new MarkdownTable(List.of("", "", "requests/s", "supervised", "plain Netty again", "behind nginx"));
        for (int mode = 0; mode < results.get(0).figures().size(); mode++) {
            for (ResultFile<List<SteadyStateFigures>> result : results) {
                SteadyStateFigures figures = result.figures().get(mode);
                String java = "Java " + result.javaVersion();
                double rate = figures.servers().get(0).requestsPerSecond().median();
                table.row(row(
                        figures,
                        figures.mode() + ", requests/s",
                        java,
                        MarkdownTable.whole(rate),
                        OfServer::rateRatio));
                table.row(row(figures, "the same per CPU time", java, "", OfServer::requestsPerCpuTimeRatio));
            }
        }
        return table.measuredBy(results);
    }

    private static List<String> row(
            SteadyStateFigures figures, String title, String java, String rate, Function<OfServer, Quantiles> ratio) {
        List<String> row = new ArrayList<>(List.of(title, java, rate));
        figures.servers().stream()
                .skip(1)
                .map(ratio)
                .forEach(quantiles -> row.add(MarkdownTable.format(
                        "%.2f (%.2f-%.2f)", quantiles.median(), quantiles.p25(), quantiles.p75())));
        return row;
    }
}
