package dev.supervisor.failure;

import dev.supervisor.Problem;
import dev.supervisor.Problem.Cause;
import dev.supervisor.Problem.Frame;
import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import dev.supervisor.text.VisibleText;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a problem as text for terminals, logs and programs. */
public final class PlainText {

    private static final int MOST_PLACES_IN_CHAIN = 10;
    private static final int MOST_LINES_OF_PLACE = 6;

    private final StringBuilder text = new StringBuilder();

    private PlainText() {}

    public static String of(Failure failure) {
        PlainText plain = new PlainText();
        plain.facts(failure.problem());
        failure.lastGoodBuild(Instant.now())
                .ifPresent(age -> plain.text.append('\n').append(age).append('\n'));
        failure.tests()
                .ifPresent(result ->
                        plain.text.append("\nthe last tests: ").append(result).append('\n'));
        plain.output(failure.problem());
        return plain.toString();
    }

    public static String of(Problem problem) {
        PlainText plain = new PlainText();
        plain.facts(problem);
        plain.output(problem);
        return plain.toString();
    }

    /**
     * Returns the summary, the places, and the chain of causes. Of each stack it contains only the innermost frame that
     * is the application's own.
     */
    public static String chain(Problem problem) {
        List<Place> places = problem.places();
        StringBuilder text = new StringBuilder(problem.summary());
        for (Place place : places.subList(0, Math.min(places.size(), MOST_PLACES_IN_CHAIN))) {
            text.append("\n  ").append(place.position()).append(": ");
            text.append(place.message().lines().limit(MOST_LINES_OF_PLACE).collect(Collectors.joining("\n    ")));
        }
        if (places.size() > MOST_PLACES_IN_CHAIN) {
            text.append("\n  and ").append(places.size() - MOST_PLACES_IN_CHAIN).append(" more");
        }
        for (Cause cause : problem.causes()) {
            if (!problem.summarySays(cause)) {
                text.append("\n  ").append(cause.line());
            }
            cause.frames().stream()
                    .filter(Frame::own)
                    .findFirst()
                    .ifPresent(frame -> text.append("\n    at ").append(frame.text()));
        }
        return VisibleText.of(text.toString());
    }

    private void facts(Problem problem) {
        text.append(problem.summary()).append('\n');
        for (List<Place> places : problem.placesByLine()) {
            text.append('\n');
            places.forEach(place -> text.append(place.position())
                    .append(": ")
                    .append(place.message())
                    .append('\n'));
            excerpt(places, "  ");
        }
        for (Cause cause : problem.causes()) {
            text.append('\n');
            if (!problem.summarySays(cause)) {
                text.append(cause.line()).append('\n');
            }
            frames(cause);
        }
    }

    private void frames(Cause cause) {
        for (Frame frame : cause.frames()) {
            text.append(frame.own() ? "  > at " : "    at ")
                    .append(frame.text())
                    .append('\n');
            frame.place().ifPresent(place -> excerpt(List.of(place), "      "));
        }
    }

    private void excerpt(List<Place> places, String indent) {
        for (Line line : places.get(0).excerpt()) {
            text.append(indent)
                    .append(line.marked() ? "> " : "  ")
                    .append(ExcerptLines.numbered(line))
                    .append(" | ")
                    .append(line.text())
                    .append('\n');
            List<ColumnSpan> spots = ColumnSpan.in(line, places);
            if (!spots.isEmpty()) {
                text.append(indent)
                        .append("  ")
                        .append(" ".repeat(ExcerptLines.numbered(line).length()))
                        .append(" | ");
                carets(line.text(), spots);
            }
        }
    }

    /** Writes carets below the tokens, as wide as the tokens. */
    private void carets(String line, List<ColumnSpan> spots) {
        int from = 0;
        for (ColumnSpan spot : spots) {
            text.append(line.substring(from, spot.start()).replaceAll("[^\t]", " "));
            text.append("^".repeat(Math.max(1, line.codePointCount(spot.start(), spot.end()))));
            from = spot.end();
        }
        text.append('\n');
    }

    private void output(Problem problem) {
        if (!problem.output().isEmpty()) {
            text.append("\nthe output of the build")
                    .append(problem.exceptDropped())
                    .append(":\n");
            problem.output().forEach(line -> text.append("  ").append(line).append('\n'));
        }
    }

    @Override
    public String toString() {
        return VisibleText.of(text.toString());
    }
}
