package dev.supervisor.bench.documents;

import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.figures.ApplicationSize;
import dev.supervisor.bench.figures.DrainingGenerations;
import dev.supervisor.bench.figures.HeldConnections;
import dev.supervisor.bench.figures.MovedConnections;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.figures.ScaleFigures;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** How swaps grow, with a column for each size. */
final class ScaleTables {

    private ScaleTables() {}

    static String text() {
        var result = ResultFile.read("scale", 25, new TypeToken<ScaleFigures>() {});
        ScaleFigures figures = result.figures();
        return String.join(
                "\n",
                held(figures.held()).text(),
                moved(figures.moved()).text(),
                applications(figures.applications()).text(),
                draining(figures.draining()).text(),
                MarkdownTable.source(List.of(result)));
    }

    private static MarkdownTable held(List<HeldConnections> sizes) {
        MarkdownTable table = new MarkdownTable(cells(
                "connections that wait while there is no build",
                sizes,
                size -> MarkdownTable.count(size.connections())));
        table.row(cells(
                "from the jar in place until the first is answered",
                sizes,
                size -> MarkdownTable.medianAndMaximum(size.firstAnswered())));
        table.row(cells(
                "until the last is answered", sizes, size -> MarkdownTable.medianAndMaximum(size.lastAnswered())));
        table.row(cells(
                "heap for each that waits",
                sizes,
                size -> size.tellsHeap() ? MarkdownTable.format("%.2f KiB", size.heapKib()) : ""));
        return table;
    }

    private static MarkdownTable moved(List<MovedConnections> sizes) {
        MarkdownTable table = new MarkdownTable(
                cells("idle connections that move", sizes, size -> MarkdownTable.count(size.connections())));
        table.row(cells(
                "from the rebuilt jar until a new connection is answered",
                sizes,
                size -> MarkdownTable.medianAndMaximum(size.newConnection())));
        table.row(cells(
                "until one in use is answered, among those that move",
                sizes,
                size -> MarkdownTable.medianAndMaximum(size.inUse())));
        table.row(cells("until all have moved", sizes, size -> MarkdownTable.medianAndMaximum(size.moved())));
        table.row(cells(
                "heap for each (on plain Netty)",
                sizes,
                size -> MarkdownTable.format("%.2f (%.2f) KiB", size.heapKib(), size.plainHeapKib())));
        return table;
    }

    private static MarkdownTable applications(List<ApplicationSize> sizes) {
        MarkdownTable table = new MarkdownTable(
                cells("classes of the application", sizes, size -> MarkdownTable.count(size.classes())));
        table.row(cells("loaded: snapshot and module", sizes, size -> MarkdownTable.medianAndMaximum(size.loaded())));
        table.row(cells(
                "started, with all of its classes", sizes, size -> MarkdownTable.medianAndMaximum(size.started())));
        table.row(cells(
                "from the rebuilt jar to the first new answer",
                sizes,
                size -> MarkdownTable.medianAndMaximum(size.answered())));
        table.row(cells(
                "metaspace of a generation", sizes, size -> MarkdownTable.format("%,.0f KiB", size.metaspaceKib())));
        return table;
    }

    private static MarkdownTable draining(List<DrainingGenerations> sizes) {
        MarkdownTable table = new MarkdownTable(cells(
                "former generations that still finish a request, of " + DrainingGenerations.CLASSES + " classes each",
                sizes,
                size -> MarkdownTable.count(size.draining())));
        table.row(cells(
                "from the rebuilt jar to the first new answer",
                sizes,
                size -> MarkdownTable.medianAndMaximum(size.answered())));
        table.row(cells(
                "heap; metaspace, MiB",
                sizes,
                size -> MarkdownTable.format("%.1f; %.1f", size.heapMib(), size.metaspaceMib())));
        return table;
    }

    private static <T> List<String> cells(String title, List<T> sizes, Function<T, String> cell) {
        return Stream.concat(Stream.of(title), sizes.stream().map(cell)).toList();
    }
}
