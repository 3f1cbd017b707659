package dev.supervisor.failure;

import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a source line that a compiler means: as it tells itself, or the token to which its column points. Empty at the
 * end of the line, where something is missing.
 *
 * @param start the index of its first character
 * @param end the index after its last character
 */
record ColumnSpan(int start, int end) {

    /**
     * A token, as in most languages. A dot belongs to the name behind it, since compilers point to the dot for that
     * name.
     */
    private static final Pattern TOKEN = Pattern.compile(
            "\"(?:[^\"\\\\]|\\\\.)*+\"?" // a string
                    + "|'(?:[^'\\\\]|\\\\.)*+'?"
                    + "|\\d[\\w.]*" // a number
                    + "|[.@]?[\\p{L}\\p{M}\\p{N}_$]+" // a name
                    + "|[-=<>!&|+*/%^~?:]+" // an operator
                    + "|.",
            Pattern.DOTALL);

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{M}\\p{N}_$]");

    /**
     * Returns the tokens to which these places of a line point, from left to right, without overlaps; none for an
     * unmarked line.
     */
    static List<ColumnSpan> in(Line line, List<Place> places) {
        List<ColumnSpan> spots = new ArrayList<>();
        if (line.marked()) {
            places.stream()
                    .filter(place ->
                            place.column() >= 1 && place.column() <= line.text().length() + 1)
                    .map(place -> of(line.text(), place))
                    .sorted(Comparator.comparingInt(ColumnSpan::start))
                    .filter(spot ->
                            spots.isEmpty() || spots.get(spots.size() - 1).isBefore(spot))
                    .forEach(spots::add);
        }
        return spots;
    }

    /** The file may have changed since it was compiled. */
    private static ColumnSpan of(String line, Place place) {
        return place.range()
                .filter(range -> range.from() >= 1 && range.from() <= range.to() && range.to() <= line.length() + 1)
                .map(range -> new ColumnSpan(range.from() - 1, range.to() - 1))
                .orElseGet(() -> at(line, place.column() - 1));
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
