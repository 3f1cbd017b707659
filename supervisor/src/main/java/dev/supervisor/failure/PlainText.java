package dev.supervisor.failure;

import dev.supervisor.failure.Problem.Cause;
import dev.supervisor.failure.Problem.Frame;
import dev.supervisor.failure.Problem.Line;
import dev.supervisor.failure.Problem.Place;
import java.time.Instant;
import java.util.regex.Pattern;

/** A problem for terminals, logs and programs. */
public final class PlainText {

    /** Terminal colors and the like. */
    private static final Pattern ESCAPES = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]");

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
        String plain = ESCAPES.matcher(text.replace("\r\n", "\n")).replaceAll("");
        return TREACHEROUS.matcher(plain).replaceAll("\ufffd");
    }

    private void facts(Problem problem) {
        text.append(problem.summary()).append('\n');
        for (Place place : problem.places()) {
            text.append('\n')
                    .append(place.position())
                    .append(": ")
                    .append(place.message())
                    .append('\n');
            excerpt(place, "  ");
        }
        problem.causes().forEach(this::cause);
    }

    private void cause(Cause cause) {
        text.append("\ncaused by: ").append(cause.text()).append('\n');
        for (Frame frame : cause.frames()) {
            text.append(frame.own() ? "  > at " : "    at ")
                    .append(frame.text())
                    .append('\n');
            frame.place().ifPresent(place -> excerpt(place, "      "));
        }
    }

    private void excerpt(Place place, String indent) {
        for (Line line : place.excerpt()) {
            text.append(indent)
                    .append(line.marked() ? "> " : "  ")
                    .append(Lines.numbered(line))
                    .append(" | ")
                    .append(line.text())
                    .append('\n');
            if (line.marked() && Lines.isWithin(place.column(), line)) {
                text.append(indent)
                        .append("  ")
                        .append(" ".repeat(Lines.numbered(line).length()))
                        .append(" | ")
                        .append(upTo(place.column(), line.text()))
                        .append("^\n");
            }
        }
    }

    /** As wide as what stands before this column. */
    private static String upTo(int column, String line) {
        return line.substring(0, column - 1).replaceAll("[^\t]", " ");
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
