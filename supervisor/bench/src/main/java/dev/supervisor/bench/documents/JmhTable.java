package dev.supervisor.bench.documents;

import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.figures.JmhFigures;
import dev.supervisor.bench.figures.ResultFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results of JMH, with titles for the documentation. */
final class JmhTable {

    private static final Map<String, String> TITLES = new LinkedHashMap<>();

    static {
        TITLES.put(
                "TrackingBenchmark.readFlag", "the volatile flag that each read and each write of a socket asks for");
        TITLES.put("TrackingBenchmark.readProgress", "the progress of an HTTP/1 connection, once a swap");
        TITLES.put("TrackingBenchmark.exchange", "request and response through codec and handler, without a socket");
        TITLES.put("TrackingBenchmark.exchangeWithHandler", "the same with one handler more, which sees the response");
        TITLES.put("EventLoopHopBenchmark.hop", "a hop from one event loop to another, which waits in its selector");
        TITLES.put("RequestBenchmark.ask server=plain", "request and response through loopback: plain Netty");
        TITLES.put("RequestBenchmark.ask server=supervised", "the same on a connection of the supervisor");
    }

    private JmhTable() {}

    static String text() {
        var result = ResultFile.read("jmh", 25, new TypeToken<List<JmhFigures>>() {});
        MarkdownTable table = new MarkdownTable(List.of("", "ns (99.9% confidence)"));
        TITLES.forEach((name, title) -> table.row(List.of(title, nanos(figures(result.figures(), name)))));
        return table.measuredBy(List.of(result));
    }

    private static JmhFigures figures(List<JmhFigures> all, String name) {
        return all.stream()
                .filter(figures -> name.equals((figures.benchmark() + " " + figures.parameters()).strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing has been measured of " + name));
    }

    private static String nanos(JmhFigures figures) {
        String format = figures.nanos() < 10 ? "%,.1f ± %,.1f" : "%,.0f ± %,.0f";
        return MarkdownTable.format(format, figures.nanos(), figures.error());
    }
}
