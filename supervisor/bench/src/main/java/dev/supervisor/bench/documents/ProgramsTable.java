package dev.supervisor.bench.documents;

import com.google.gson.reflect.TypeToken;
import dev.supervisor.bench.figures.ProgramFigures;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.figures.SteadyStateFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Reloads of unmodified servers, and what it costs to lend connections to them. */
final class ProgramsTable {

    private ProgramsTable() {}

    static String text() {
        var results = ResultFile.readAll("programs", new TypeToken<List<ProgramFigures>>() {});
        MarkdownTable table = new MarkdownTable(List.of(
                "",
                "",
                "swap",
                "restart of the JVM",
                "other ways",
                "requests/s of a lent connection against those of the same jar alone"));
        for (ResultFile<List<ProgramFigures>> result : results) {
            result.figures().forEach(program -> table.row(row("Java " + result.javaVersion(), program)));
        }
        return table.measuredBy(results);
    }

    private static List<String> row(String java, ProgramFigures program) {
        List<ProgramFigures.Reloads> reloads = program.reloads();
        List<String> row = new ArrayList<>(List.of(program.program(), java));
        row.add(millis(reloads.get(0)));
        row.add(millis(reloads.get(1)));
        row.add(reloads.stream()
                .skip(2)
                .map(other -> other.way() + ": " + millis(other))
                .collect(Collectors.joining("; ")));
        row.add(program.steadyState().stream()
                .map(ProgramsTable::ratioOfSupervised)
                .map(ratio -> MarkdownTable.format("%.2f (%.2f-%.2f)", ratio.median(), ratio.p25(), ratio.p75()))
                .collect(Collectors.joining()));
        return row;
    }

    private static Quantiles ratioOfSupervised(SteadyStateFigures figures) {
        return figures.servers().get(1).rateRatio();
    }

    private static String millis(ProgramFigures.Reloads reloads) {
        return MarkdownTable.format(
                "%.0f ms (%.0f)", reloads.millis().median(), reloads.millis().maximum());
    }
}
