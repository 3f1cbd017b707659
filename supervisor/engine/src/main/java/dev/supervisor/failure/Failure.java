package dev.supervisor.failure;

import dev.supervisor.OptionKey;
import dev.supervisor.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The content of the failure page.
 *
 * @param lastGoodBuild when the last working build began to serve; empty if there was none, or if it does not matter
 * @param tests the last result of tests, in words
 */
public record Failure(Problem problem, Optional<Instant> lastGoodBuild, Optional<String> tests) {

    public Failure(Problem problem, Optional<Instant> lastGoodBuild) {
        this(problem, lastGoodBuild, Optional.empty());
    }

    /** The failure as it is shown to clients other than the developer. */
    static final Failure UNDISCLOSED =
            new Failure(Problem.of("The application is being updated. Try again in a moment."), Optional.empty());

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DATE_AND_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final Duration ONE_DAY = Duration.ofDays(1);

    /** Returns the failure as the developer sees it if details are off. */
    static Failure inTranscript(Function<OptionKey, String> optionNames) {
        String summary = "no build serves at the moment: the transcript of the supervisor says why ("
                + OptionKey.DETAILS + " shows it here, too)";
        return new Failure(Problem.of(OptionKey.render(summary, optionNames)), Optional.empty());
    }

    /** Returns an id, equal for equal problems, by which a page knows whether it is outdated. */
    String id() {
        return String.format(Locale.ROOT, "%08x", problem.hashCode());
    }

    /** Returns the age of the last good build, as a sentence. */
    Optional<String> lastGoodBuild(Instant now) {
        return lastGoodBuild.map(since -> {
            Duration age = Duration.between(since, now.isBefore(since) ? since : now);
            DateTimeFormatter format = age.compareTo(ONE_DAY) < 0 ? TIME : DATE_AND_TIME;
            return "The last good build is " + rounded(age) + " old: it began to serve at "
                    + format.format(since.atZone(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)) + ".";
        });
    }

    private static String rounded(Duration age) {
        if (age.toMinutes() < 1) {
            return age.toSeconds() + " s";
        }
        if (age.toHours() < 1) {
            return age.toMinutes() + " min";
        }
        return age.compareTo(ONE_DAY) < 0
                ? age.toHours() + " h"
                : age.toDays() + (age.toDays() == 1 ? " day" : " days");
    }
}
