package dev.supervisor.bench.documents;

import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.figures.SteadyStateFigures;
import dev.supervisor.bench.figures.SteadyStateFigures.OfServer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Servers under the same load, compared with the first one, whose rate is in requests/s. */
final class SteadyStateTable {

    private SteadyStateTable() {}

    /** Returns the cost of the supervisor while nothing is swapped, compared with plain Netty and nginx. */
    static String ofClearText() {
        return text("steady-state", "requests/s", "supervised", "plain Netty again", "behind nginx");
    }

    /** Returns the rates of TLS, compared with nginx that ends it before plain Netty. */
    static String ofTls() {
        return text(
                "tls",
                "nginx, requests/s",
                "supervisor, OpenSSL",
                "supervisor, JDK",
                "supervisor without TLS",
                "plain Netty without TLS");
    }

    /** @param titles of the columns, the first one of the server that the others are compared with */
    private static String text(String benchmark, String... titles) {
        var results = ResultFile.readAll(benchmark, new TypeToken<List<SteadyStateFigures>>() {});
        List<String> columns = new ArrayList<>(List.of("", ""));
        columns.addAll(List.of(titles));
        MarkdownTable table = new MarkdownTable(columns);
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
