package dev.supervisor.failure;

import dev.supervisor.Problem.Line;

/** Formats the lines of an excerpt. */
final class ExcerptLines {

    private static final int NUMBER_WIDTH = 4;

    private ExcerptLines() {}

    /** Returns the line's number, aligned to the right of a column. */
    static String numbered(Line line) {
        String number = String.valueOf(line.number());
        return " ".repeat(Math.max(0, NUMBER_WIDTH - number.length())) + number;
    }
}
