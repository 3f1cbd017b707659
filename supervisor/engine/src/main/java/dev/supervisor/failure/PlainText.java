package dev.supervisor.failure;

import dev.supervisor.failure.Problem.Cause;
import dev.supervisor.failure.Problem.Frame;
import dev.supervisor.failure.Problem.Line;
import dev.supervisor.failure.Problem.Place;
import dev.supervisor.text.EscapeSequences;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/** A problem for terminals, logs and programs. */
public final class PlainText {

    /** What moves a terminal's cursor, or has a line read in another order than it stands there. */
    private static final Pattern TREACHEROUS =
            Pattern.compile("[\\p{Cc}&&[^\n\t]]|[\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

    private final StringBuilder text = new StringBuilder();

    private PlainText() {}

    static String of(Failure failure) {
        PlainText plain = new PlainText();
        plain.facts(failure.problem());
        failure.lastGoodBuild(Instant.now())
                .ifPresent(age -> plain.text.append('\n').append(age).append('\n'));
        plain.output(failure.problem());
        return plain.toString();
    }

    static String of(Problem problem) {
        PlainText plain = new PlainText();
        plain.facts(problem);
        plain.output(problem);
        return plain.toString();
    }

    /** Text that stands there as it is read. */
    public static String visible(String text) {
        String plain = EscapeSequences.removedFrom(text.replace("\r\n", "\n"));
        return TREACHEROUS.matcher(plain).replaceAll("\ufffd");
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
                text.append("caused by: ").append(cause.text()).append('\n');
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
                    .append(Lines.numbered(line))
                    .append(" | ")
                    .append(line.text())
                    .append('\n');
            List<Spot> spots = Spot.in(line, places);
            if (!spots.isEmpty()) {
                text.append(indent)
                        .append("  ")
                        .append(" ".repeat(Lines.numbered(line).length()))
                        .append(" | ");
                carets(line.text(), spots);
            }
        }
    }

    /** Below the tokens, as wide as what is above. */
    private void carets(String line, List<Spot> spots) {
        int from = 0;
        for (Spot spot : spots) {
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
        return visible(text.toString());
    }
}
