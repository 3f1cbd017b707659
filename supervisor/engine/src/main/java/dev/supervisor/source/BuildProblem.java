package dev.supervisor.source;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.Diagnostic;
import dev.supervisor.Problem;
import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes a {@link Problem} of a failed build. */
public final class BuildProblem {

    private BuildProblem() {}

    /** Returns the problem with excerpts of the named files. Blocks to read them. */
    public static Problem of(ApplicationBuilder.Failed failed, SourceFiles sources) {
        Map<Path, Path> moved = sources.moved(
                failed.diagnostics().stream().map(Diagnostic::file).toList());
        List<Place> places = failed.diagnostics().stream()
                .map(diagnostic -> place(diagnostic, moved.getOrDefault(diagnostic.file(), diagnostic.file()), sources))
                .toList();
        return new Problem(failed.summary(), places, List.of(), failed.output(), failed.dropped());
    }

    private static Place place(Diagnostic diagnostic, Path file, SourceFiles sources) {
        List<Line> excerpt = sources.excerpt(file, diagnostic.line());
        int column = excerpt.stream()
                .filter(Line::marked)
                .mapToInt(line -> diagnostic.columnIn(line.text()))
                .findFirst()
                .orElse(diagnostic.column());
        return new Place(
                sources.shown(file),
                file,
                diagnostic.line(),
                column,
                diagnostic.range(),
                diagnostic.message(),
                excerpt);
    }
}
