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
 * What the page shows.
 *
 * @param lastGoodBuild when the last build began to serve that did; empty if none has, or it does not matter
 */
public record Failure(Problem problem, Optional<Instant> lastGoodBuild) {

    /** For others than the developer. */
    static final Failure UNDISCLOSED =
            new Failure(Problem.of("The application is being updated. Try again in a moment."), Optional.empty());

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DATE_AND_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final Duration ONE_DAY = Duration.ofDays(1);

    /** Returns what the developer is shown where the details are off. */
    static Failure inTranscript(Function<OptionKey, String> optionNames) {
        String summary = "no build serves at the moment: the transcript of the supervisor says why ("
                + OptionKey.DETAILS + " shows it here, too)";
        return new Failure(Problem.of(OptionKey.render(summary, optionNames)), Optional.empty());
    }

    /** The same for the same problem, so that a page knows when it is out of date. */
    String id() {
        return String.format(Locale.ROOT, "%08x", problem.hashCode());
    }

    /** How old the last good build is, as a sentence. */
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
