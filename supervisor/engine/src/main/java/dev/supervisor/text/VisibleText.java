package dev.supervisor.text;

import java.util.regex.Pattern;

/** Makes foreign text safe to print: whatever it contains, a terminal only shows it. */
public final class VisibleText {

    /**
     * Control characters, which move a terminal's cursor, and characters that change the order in which people read a
     * line.
     */
    private static final Pattern TREACHEROUS =
            Pattern.compile("[\\p{Cc}&&[^\n\t]]|[\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

    private VisibleText() {}

    /** Returns the text without escape sequences, and with a replacement for each treacherous character. */
    public static String of(String text) {
        String plain = EscapeSequences.removedFrom(text.replace("\r\n", "\n"));
        return TREACHEROUS.matcher(plain).replaceAll("\ufffd");
    }
}
