package dev.supervisor;

import dev.supervisor.build.Builder;
import dev.supervisor.build.Diagnostic;
import dev.supervisor.failure.Problem;
import dev.supervisor.failure.Problem.Line;
import dev.supervisor.failure.Problem.Place;
import java.util.List;

/** A build that has failed, as it is shown. */
final class BuildProblem {

    /** A compiler that complains of more has lost its way at the first ones. */
    private static final int MOST_PLACES = 100;

    private BuildProblem() {}

    /** Reads the files that it names; blocks meanwhile. */
    static Problem of(Builder.Failed failed, SourceFiles sources) {
        List<Place> places = failed.diagnostics().stream()
                .limit(MOST_PLACES)
                .map(diagnostic -> place(diagnostic, sources))
                .toList();
        return new Problem(failed.summary(), places, List.of(), failed.output());
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
