package dev.supervisor.failure;

import dev.supervisor.Diagnostic;
import dev.supervisor.Event;
import dev.supervisor.Event.TestFailure;
import dev.supervisor.text.VisibleText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Results of tests in English, safe to show. The first line is a summary. */
public final class TestsText {

    private static final int MOST_FAILURES = 10;
    private static final int MOST_LINES = 6;
    private static final String INDENT = "\n  ";

    private TestsText() {}

    public static String of(Event.Tested event) {
        int all = event.succeeded() + event.failed() + event.skipped();
        String classes = event.classes() == 1 ? "1 class" : event.classes() + " classes";
        String skipped = event.skipped() == 0 ? "" : ", " + event.skipped() + " skipped";
        if (all == 0) {
            return "no test depends on what has changed";
        }
        if (event.failed() == 0) {
            return tests(event.succeeded()) + " of " + classes + " passed in " + seconds(event.took()) + skipped;
        }
        List<String> failures =
                event.failures().stream().map(TestsText::failure).toList();
        String summary = event.failed() + " of " + tests(all) + " failed" + skipped + ":";
        return VisibleText.of(summary + (failures.size() == 1 ? " " + failures.get(0) : INDENT + some(failures)));
    }

    public static String of(Event.NotTested event) {
        List<String> places = event.places().stream().map(TestsText::place).toList();
        return VisibleText.of(event.summary() + (places.isEmpty() ? "" : INDENT + some(places)));
    }

    private static String some(List<String> texts) {
        List<String> some = new ArrayList<>(texts.subList(0, Math.min(texts.size(), MOST_FAILURES)));
        if (texts.size() > MOST_FAILURES) {
            some.add("and " + (texts.size() - MOST_FAILURES) + " more");
        }
        return String.join(INDENT, some);
    }

    private static String failure(TestFailure failure) {
        String simple = failure.testClass().substring(failure.testClass().lastIndexOf('.') + 1);
        String name = failure.test().endsWith("()")
                ? failure.test().substring(0, failure.test().length() - 2)
                : failure.test();
        String place = failure.file().isEmpty()
                ? ""
                : " (" + failure.file() + (failure.line() > 0 ? ":" + failure.line() : "") + ")";
        return simple + (name.isEmpty() ? "" : "." + name) + ": " + firstLines(failure.message()) + place;
    }

    private static String place(Diagnostic diagnostic) {
        String column = diagnostic.column() > 0 ? ":" + diagnostic.column() : "";
        return fromHere(diagnostic.file()) + ":" + diagnostic.line() + column + ": " + firstLines(diagnostic.message());
    }

    private static String firstLines(String text) {
        return String.join("\n    ", text.strip().lines().limit(MOST_LINES).toList());
    }

    private static Path fromHere(Path file) {
        Path here = Path.of("").toAbsolutePath();
        return file.startsWith(here) ? here.relativize(file) : file;
    }

    private static String tests(int count) {
        return count == 1 ? "1 test" : count + " tests";
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
