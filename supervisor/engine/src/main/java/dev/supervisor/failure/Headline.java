package dev.supervisor.failure;

import dev.supervisor.Problem;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the line that names the error, in the output of a build that has no known format. */
public final class Headline {

    private static final Pattern ERROR = Pattern.compile(
            "\\b(?:error|fatal|fail(?:ed|ure)?|exception|denied|not found|no such|cannot|can't|could not)\\b",
            Pattern.CASE_INSENSITIVE);

    /** Lines that only count errors, or only say that there are some. */
    private static final Pattern VAGUE = Pattern.compile(
            "\\b(?:no|0) (?:errors?|failures?)\\b|(?:errors|failures): 0\\b|build (?:failed|failure)|exit"
                    + " (?:code|status|value)",
            Pattern.CASE_INSENSITIVE);

    /** Markers before the error itself: {@code [ERROR]}, {@code error:}, {@code npm ERR!}. */
    private static final Pattern PREFIX =
            Pattern.compile("\\s*(?:\\[(?:error|fatal)]|(?:error|fatal):|npm err!|[>*])\\s*", Pattern.CASE_INSENSITIVE);

    private static final int LONGEST = 300;

    private Headline() {}

    /**
     * Returns the error itself in one line: the first line of a compiler's first message; or else the line of a build's
     * output that mentions an error; or else the summary.
     */
    public static String of(Problem problem) {
        String said = problem.places().isEmpty()
                ? problem.causes().isEmpty() ? of(problem.output()).orElse("") : ""
                : problem.places().get(0).message().lines().findFirst().orElse("");
        return said.isBlank() ? problem.summary() : said;
    }

    /** Returns the first line that mentions an error, or else the last line that is not empty. */
    private static Optional<String> of(List<String> output) {
        return output.stream()
                .filter(line ->
                        ERROR.matcher(line).find() && !VAGUE.matcher(line).find())
                .map(Headline::shown)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .or(() -> output.stream()
                        .map(Headline::shown)
                        .filter(line -> !line.isEmpty())
                        .reduce((first, second) -> second));
    }

    private static String shown(String line) {
        String said = PREFIX.matcher(line).lookingAt() ? PREFIX.matcher(line).replaceFirst("") : line;
        return said.length() <= LONGEST
                ? said.strip()
                : said.substring(0, LONGEST).strip() + "...";
    }
}
