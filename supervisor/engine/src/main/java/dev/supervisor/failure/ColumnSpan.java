package dev.supervisor.failure;

import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a compiler means by a column: the token there, from one index of the line to before another. At the end of the
 * line it is empty: something is missing there.
 */
record ColumnSpan(int start, int end) {

    /** As in most languages. A dot belongs to the name behind it: that is where compilers point to for it. */
    private static final Pattern TOKEN = Pattern.compile(
            "\"(?:[^\"\\\\]|\\\\.)*+\"?" // a string
                    + "|'(?:[^'\\\\]|\\\\.)*+'?"
                    + "|\\d[\\w.]*" // a number
                    + "|[.@]?[\\p{L}\\p{M}\\p{N}_$]+" // a name
                    + "|[-=<>!&|+*/%^~?:]+" // an operator
                    + "|.",
            Pattern.DOTALL);

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{M}\\p{N}_$]");

    /** Those of the places that are of this line, from left to right; none overlaps another. */
    static List<ColumnSpan> in(Line line, List<Place> places) {
        List<ColumnSpan> spots = new ArrayList<>();
        if (line.marked()) {
            places.stream()
                    .map(Place::column)
                    .filter(column -> column >= 1 && column <= line.text().length() + 1)
                    .map(column -> at(line.text(), column - 1))
                    .sorted(Comparator.comparingInt(ColumnSpan::start))
                    .filter(spot ->
                            spots.isEmpty() || spots.get(spots.size() - 1).isBefore(spot))
                    .forEach(spots::add);
        }
        return spots;
    }

    private boolean isBefore(ColumnSpan other) {
        return end <= other.start && !equals(other);
    }

    private static ColumnSpan at(String line, int index) {
        int start = index;
        while (start > 0 && start < line.length() && isName(line, start) && isName(line, start - 1)) {
            start--;
        }
        Matcher token = TOKEN.matcher(line).region(start, line.length());
        return new ColumnSpan(start, token.lookingAt() ? token.end() : start);
    }

    private static boolean isName(String line, int index) {
        return NAME.matcher(line.substring(index, index + 1)).matches();
    }
}
