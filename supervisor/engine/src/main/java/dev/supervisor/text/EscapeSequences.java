package dev.supervisor.text;

/**
 * Removes the escape sequences of ECMA-48 and of xterm, which a terminal obeys and does not show, in their 7-bit form
 * and as C1 controls. The states are those of the parser of <a href="https://vt100.net/emu/dec_ansi_parser">VT500
 * terminals</a>. A sequence that is not terminated ends with its line, so that it never hides the next one.
 *
 * <pre>
 *   ESC [  CSI       parameters, intermediates, one final byte     colors (38:2::r:g:b too), cursor, erase
 *   ESC ]  OSC       any text up to BEL or ST                      titles, hyperlinks (OSC 8)
 *   ESC P X ^ _      any text up to ST (ESC \)                     DCS, SOS, PM, APC
 *   ESC              intermediates, one final byte                 character sets (ESC ( B), ESC 7, ESC M
 * </pre>
 */
public final class EscapeSequences {

    private static final char BELL = 0x07;
    private static final char CANCEL = 0x18;
    private static final char SUBSTITUTE = 0x1a;
    private static final char ESCAPE = 0x1b;
    private static final char STRING_TERMINATOR = 0x9c;
    private static final char FIRST_C1 = 0x80;
    private static final char LAST_C1 = 0x9f;

    /** The difference between the code of a C1 control and the character that follows ESC in its 7-bit form. */
    private static final int TO_SEVEN_BITS = 0x40;

    private final String text;
    private final StringBuilder shown;
    private int at;

    private EscapeSequences(String text) {
        this.text = text;
        this.shown = new StringBuilder(text.length());
    }

    /** Returns the text without escape sequences. Other control characters stay. */
    public static String removedFrom(String text) {
        return text.chars().anyMatch(EscapeSequences::begins) ? new EscapeSequences(text).removed() : text;
    }

    private static boolean begins(int c) {
        return c == ESCAPE || (c >= FIRST_C1 && c <= LAST_C1);
    }

    private String removed() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == ESCAPE) {
                skipEscape();
            } else if (begins(c)) {
                skipSequence((char) (c - TO_SEVEN_BITS));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    /** Skips the rest of a sequence, after ESC. */
    private void skipEscape() {
        if (isNext('0', '~')) {
            skipSequence(text.charAt(at++));
        } else if (isNext(' ', '/')) {
            skipAll(' ', '/');
            skipOne('0', '~');
        }
    }

    /** Skips the rest of a sequence, after the character that gives its kind. */
    private void skipSequence(char kind) {
        switch (kind) {
            case '[' -> {
                skipAll('0', '?');
                skipAll(' ', '/');
                skipOne('@', '~');
            }
            case ']', 'P', 'X', '^', '_' -> skipString();
            default -> {} // already complete
        }
    }

    /** Skips a string with its terminator. A character that begins another sequence, or ends the line, stays. */
    private void skipString() {
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\n' || (c == ESCAPE && !text.startsWith("\\", at + 1))) {
                return;
            }
            if (c == ESCAPE) {
                at += 2;
                return;
            }
            if (c == BELL || c == STRING_TERMINATOR || c == CANCEL || c == SUBSTITUTE) {
                at++;
                return;
            }
        }
    }

    private void skipAll(char first, char last) {
        while (isNext(first, last)) {
            at++;
        }
    }

    private void skipOne(char first, char last) {
        if (isNext(first, last)) {
            at++;
        }
    }

    private boolean isNext(char first, char last) {
        return at < text.length() && text.charAt(at) >= first && text.charAt(at) <= last;
    }
}
