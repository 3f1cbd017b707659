package dev.supervisor.failure;

import dev.supervisor.Problem.Line;

/** How the lines of an excerpt are shown. */
final class ExcerptLines {

    private static final int NUMBER_WIDTH = 4;

    private ExcerptLines() {}

    /** Its number, at the right of a column. */
    static String numbered(Line line) {
        String number = String.valueOf(line.number());
        return " ".repeat(Math.max(0, NUMBER_WIDTH - number.length())) + number;
    }
}
