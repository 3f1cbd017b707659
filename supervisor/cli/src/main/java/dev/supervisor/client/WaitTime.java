package dev.supervisor.client;

import java.time.Duration;
import java.util.Optional;

/** Durations in the form of the command line: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}. */
public final class WaitTime {

    /** How long a swap is waited for if nobody says how long. */
    public static final Duration USUAL = Duration.ofSeconds(30);

    /** Far longer than any swap takes, and far shorter than what a clock can count in nanoseconds. */
    private static final Duration LONGEST = Duration.ofHours(1000);

    private static final int MOST_DIGITS = 9;

    private WaitTime() {}

    /** Returns the duration; empty if the text is none, or one of more than 1,000 hours. */
    public static Optional<Duration> parse(String text) {
        int digits = 0;
        while (digits < text.length() && Character.digit(text.charAt(digits), 10) >= 0 && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > MOST_DIGITS) {
            return Optional.empty();
        }
        long number = Long.parseLong(text.substring(0, digits));
        Optional<Duration> duration = switch (text.substring(digits)) {
            case "ms" -> Optional.of(Duration.ofMillis(number));
            case "s" -> Optional.of(Duration.ofSeconds(number));
            case "m" -> Optional.of(Duration.ofMinutes(number));
            case "h" -> Optional.of(Duration.ofHours(number));
            default -> Optional.empty();
        };
        return duration.filter(each -> each.compareTo(LONGEST) <= 0);
    }
}
