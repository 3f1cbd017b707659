package dev.supervisor.bench.documents;

import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.figures.DevLoopFigures;
import dev.supervisor.bench.figures.DevLoopFigures.Aim;
import dev.supervisor.bench.figures.DevLoopFigures.Loop;
import dev.supervisor.bench.figures.DevLoopFigures.Start;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ResultFile;
import java.util.List;
import java.util.Optional;

/** From saves to new answers with several tools, and from commands to first answers. */
final class DevLoopTables {

    private static final double SHARE_AIM = 0.15;
    private static final int START_AIM_SECONDS = 2;

    private DevLoopTables() {}

    static String text() {
        var result = ResultFile.read("dev-loop", 25, new TypeToken<DevLoopFigures>() {});
        DevLoopFigures figures = result.figures();
        StringBuilder text = new StringBuilder(loops(figures.loops()));
        share(figures.loops()).ifPresent(text::append);
        if (!figures.starts().isEmpty()) {
            text.append("\n").append(starts(figures.starts()));
        }
        return text + "\n" + MarkdownTable.source(List.of(result));
    }

    private static String loops(List<Loop> loops) {
        MarkdownTable table = new MarkdownTable(List.of(
                "",
                "project",
                "from the save to the new answer, ms",
                "aim",
                "saves",
                "stale answers",
                "connections closed",
                "requests failed"));
        loops.forEach(loop -> table.row(row(loop)));
        return table.text();
    }

    private static List<String> row(Loop loop) {
        if (!loop.isMeasured()) {
            return List.of(loop.tool(), loop.project(), "left out: " + loop.leftOut(), "", "", "", "", "");
        }
        return List.of(
                loop.tool(),
                loop.project(),
                MarkdownTable.wholeMedianAndMaximum(loop.millis()),
                aim(loop.aim()),
                MarkdownTable.count(loop.saves().size()),
                MarkdownTable.count(loop.stale()),
                MarkdownTable.count(loop.closed()),
                MarkdownTable.count(loop.failed()));
    }

    private static String aim(Aim aim) {
        return aim.median() == 0
                ? ""
                : MarkdownTable.count(aim.median())
                        + (aim.maximum() == 0 ? "" : " (" + MarkdownTable.count(aim.maximum()) + ")");
    }

    private static Optional<String> share(List<Loop> loops) {
        return median(loops, DevLoopFigures.PLUGIN)
                .flatMap(plugin -> median(loops, DevLoopFigures.QUARKUS)
                        .map(quarkus -> MarkdownTable.format(
                                "%nWith 2 sources, `supervisor:run` takes %.2f of the time of `quarkus:dev` (aim: %.2f).%n",
                                plugin / quarkus, SHARE_AIM)));
    }

    private static Optional<Double> median(List<Loop> loops, String name) {
        return loops.stream()
                .filter(loop -> loop.name().equals(name) && loop.isMeasured())
                .map(loop -> loop.millis().median())
                .findFirst();
    }

    private static String starts(List<Start> starts) {
        MarkdownTable table = new MarkdownTable(List.of(
                "s",
                "`mvn -o -q compile` after `mvn clean`",
                "`mvn supervisor:run` after `mvn clean`, to the first answer",
                "more, of the medians (aim)",
                "`mvn -o -q compile`, with nothing to do",
                "`mvn supervisor:run`, with nothing to compile"));
        for (Start start : starts) {
            table.row(List.of(
                    start.project(),
                    seconds(start.compileClean()),
                    seconds(start.runClean()),
                    MarkdownTable.format(
                            "%.1f (%d)",
                            start.runClean().median() - start.compileClean().median(), START_AIM_SECONDS),
                    seconds(start.compileAgain()),
                    seconds(start.runAgain())));
        }
        return table.text();
    }

    private static String seconds(Quantiles quantiles) {
        return MarkdownTable.format("%.1f (%.1f)", quantiles.median(), quantiles.maximum());
    }
}
