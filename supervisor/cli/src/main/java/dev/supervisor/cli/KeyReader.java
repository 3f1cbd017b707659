package dev.supervisor.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the keys in the bytes that a terminal sends: an arrow or a function key is an escape sequence, whose letters
 * are no keys. Belongs to the thread that reads.
 *
 * <pre>
 *   PLAIN ──ESC──▶ ESCAPED ──[──▶ SEQUENCE ──@ to ~──▶ PLAIN
 *     ▲               ├──O──▶ LAST ──any──▶ PLAIN
 *     └──any (Alt)────┘
 * </pre>
 */
final class KeyReader {

    private enum State {
        PLAIN,
        ESCAPED,
        SEQUENCE,
        LAST
    }

    private static final int ESCAPE = 0x1b;
    private static final String BRACKETED_PASTE = "\u001b[200~";

    /** The most keys that a user presses between two polls, unless one key repeats. */
    private static final int MOST_AT_ONCE = 3;

    private State state = State.PLAIN;
    private boolean isPasted;

    /**
     * Returns the keys among these bytes; none if they are pasted text.
     *
     * @param typed the bytes since the last poll, possibly none: the key Escape itself is followed by none
     */
    List<Character> keys(byte[] typed) {
        List<Character> keys = new ArrayList<>();
        for (byte each : typed) {
            if (state == State.PLAIN && each != ESCAPE) {
                addKey(each, keys);
            } else {
                state = next(each);
            }
        }
        if (state == State.ESCAPED && typed.length > 0) {
            state = State.PLAIN;
        }
        return isPasted(typed, keys) ? List.of() : keys;
    }

    /**
     * Returns whether the bytes are pasted: marked so by the terminal, or more than a user types. A long paste comes in
     * several parts, so it lasts until a poll returns nothing.
     */
    private boolean isPasted(byte[] typed, List<Character> keys) {
        boolean isTooMuch =
                keys.size() > MOST_AT_ONCE && keys.stream().distinct().count() > 1;
        boolean isMarked = new String(typed, StandardCharsets.ISO_8859_1).contains(BRACKETED_PASTE);
        isPasted = typed.length > 0 && (isPasted || isTooMuch || isMarked);
        return isPasted;
    }

    /** Adds an ASCII character. The bytes of other characters are negative, and ignored. */
    private static void addKey(byte each, List<Character> keys) {
        if (each > 0) {
            keys.add((char) each);
        }
    }

    private State next(byte each) {
        return switch (state) {
            case PLAIN -> State.ESCAPED;
            case ESCAPED ->
                switch (each) {
                    case '[' -> State.SEQUENCE;
                    case 'O' -> State.LAST;
                    case ESCAPE -> State.ESCAPED;
                    default -> State.PLAIN;
                };
            case SEQUENCE -> each >= '@' && each <= '~' ? State.PLAIN : State.SEQUENCE;
            case LAST -> State.PLAIN;
        };
    }
}
