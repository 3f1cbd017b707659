package dev.supervisor.build;

import dev.supervisor.text.EscapeSequences;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/**
 * Reads lines as {@link BufferedReader} does, but only the beginning of a long one, since a program may print a whole
 * file without any line end. Removes escape sequences, for all users of the output. Not thread-safe.
 */
final class LineReader implements Closeable {

    static final int LONGEST = 8192;
    private static final String CUT =
            " ... (the rest of this line, which is longer than " + LONGEST + " characters, is left out)";

    private final BufferedReader text;
    private boolean withinCut;
    private boolean afterReturn;

    LineReader(Reader text) {
        this.text = new BufferedReader(text);
    }

    /**
     * Returns the next line; empty at the end. A line that is too long is returned, cut, as soon as it is known to be
     * too long.
     */
    Optional<String> next() throws IOException {
        for (int c = 0; withinCut && c >= 0; ) {
            c = read();
            withinCut = !isEnd(c);
        }
        StringBuilder line = new StringBuilder();
        int c = read();
        if (c < 0) {
            return Optional.empty();
        }
        for (; !isEnd(c); c = read()) {
            if (line.length() == LONGEST) {
                withinCut = true;
                return Optional.of(EscapeSequences.removedFrom(line.toString()) + CUT);
            }
            line.append((char) c);
        }
        return Optional.of(EscapeSequences.removedFrom(line.toString()));
    }

    /**
     * Reads a character. Skips a line feed after a carriage return only when the next character is read: to wait for a
     * line feed would delay the line, and there may be none.
     */
    private int read() throws IOException {
        int c = text.read();
        if (afterReturn && c == '\n') {
            c = text.read();
        }
        afterReturn = c == '\r';
        return c;
    }

    private static boolean isEnd(int c) {
        return c < 0 || c == '\n' || c == '\r';
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
