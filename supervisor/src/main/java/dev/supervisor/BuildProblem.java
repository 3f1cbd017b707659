package dev.supervisor;

import dev.supervisor.build.Builder;
import dev.supervisor.build.Diagnostic;
import dev.supervisor.failure.Problem;
import dev.supervisor.failure.Problem.Line;
import dev.supervisor.failure.Problem.Place;
import java.util.List;

/** A build that has failed, as it is shown. */
final class BuildProblem {

    private BuildProblem() {}

    /** Reads the files that it names; blocks meanwhile. */
    static Problem of(Builder.Failed failed, SourceFiles sources) {
        List<Place> places = failed.diagnostics().stream()
                .map(diagnostic -> place(diagnostic, sources))
                .toList();
        return new Problem(failed.summary(), places, List.of(), failed.output(), failed.dropped());
    }

    private static Place place(Diagnostic diagnostic, SourceFiles sources) {
        List<Line> excerpt = sources.excerpt(diagnostic.file(), diagnostic.line());
        int column = excerpt.stream()
                .filter(Line::marked)
                .mapToInt(line -> diagnostic.columnIn(line.text()))
                .findFirst()
                .orElse(diagnostic.column());
        return new Place(
                sources.shown(diagnostic.file()),
                diagnostic.file(),
                diagnostic.line(),
                column,
                diagnostic.message(),
                excerpt);
    }
}
