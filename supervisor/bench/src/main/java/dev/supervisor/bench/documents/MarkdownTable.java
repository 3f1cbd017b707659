package dev.supervisor.bench.documents;

import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ResultFile;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A table in Markdown, and the format of figures in it. Belongs to one thread. */
final class MarkdownTable {

    private final StringBuilder text = new StringBuilder();

    MarkdownTable(List<String> head) {
        row(head);
        text.append("|---".repeat(head.size())).append("|\n");
    }

    void row(List<String> cells) {
        text.append(cells.stream()
                .map(cell -> cell.isEmpty() ? " |" : " " + cell + " |")
                .collect(Collectors.joining("", "|", "\n")));
    }

    /** Returns the table, and below it the source of its figures. */
    String measuredBy(List<? extends ResultFile<?>> results) {
        return text + "\n" + source(results);
    }

    String text() {
        return text.toString();
    }

    static String source(List<? extends ResultFile<?>> results) {
        ResultFile<?> last = results.get(results.size() - 1);
        String runs = results.stream()
                .map(result -> "Java " + result.javaVersion() + " on "
                        + result.environment().date().substring(0, 10))
                .collect(Collectors.joining(", "));
        return "By `supervisor/bench/run " + last.benchmark() + "`, " + runs + ", with "
                + last.environment().processors() + " processors ("
                + last.environment().cpu().replace("(R)", "") + ").\n";
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    static String whole(double value) {
        return format("%,.0f", value);
    }

    static String count(long value) {
        return format("%,d", value);
    }

    /** Formats a number; a small one has one more digit. */
    static String rounded(double value) {
        return format(value < 9.95 ? "%.1f" : "%,.0f", value);
    }

    static String medianAndMaximum(Quantiles quantiles) {
        return rounded(quantiles.median()) + " (" + rounded(quantiles.maximum()) + ")";
    }

    static String wholeMedianAndMaximum(Quantiles quantiles) {
        return whole(quantiles.median()) + " (" + whole(quantiles.maximum()) + ")";
    }
}
