package dev.supervisor.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells keys from what a terminal sends: an arrow or a function key is an escape sequence, whose letters are no keys.
 * Belongs to the thread that reads.
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

    private State state = State.PLAIN;

    /** @param typed what has come at once: the key Escape itself is followed by nothing */
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
        return keys.stream().distinct().count() > 1 ? List.of() : keys; // nobody types so fast: it was pasted
    }

    /** Bytes of other characters are negative. */
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
