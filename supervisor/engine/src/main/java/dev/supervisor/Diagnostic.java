package dev.supervisor;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A place in a source file that a compiler complains about.
 *
 * @param file as it was named, absolute
 * @param line from 1
 * @param column from 1; 0 if it is not told
 * @param columns what that counts
 * @param range all that the compiler means, if it tells, and if that is in one line
 * @param message one line, or several
 */
public record Diagnostic(Path file, int line, int column, Columns columns, Optional<Range> range, String message) {

    /**
     * A part of a line, in characters.
     *
     * @param from the first column, from 1
     * @param to the column after the last one
     */
    public record Range(int from, int to) {}

    /** How a compiler counts. */
    public enum Columns {
        CHARACTERS,

        /** A tab goes to the next multiple of 8. */
        TABS_OF_8,

        /** Characters from the first that is not blank: the compiler shows the line without its indentation. */
        FROM_INDENTATION
    }

    private static final int TAB = 8;

    public Diagnostic(Path file, int line, int column, String message) {
        this(file, line, column, Columns.CHARACTERS, message);
    }

    public Diagnostic(Path file, int line, int column, Columns columns, String message) {
        this(file, line, column, columns, Optional.empty(), message);
    }

    /** The column in characters, by the text of the line. */
    public int columnIn(String text) {
        if (column == 0) {
            return 0;
        }
        return switch (columns) {
            case CHARACTERS -> column;
            case TABS_OF_8 -> withoutTabs(text);
            case FROM_INDENTATION -> text.length() - text.stripLeading().length() + column;
        };
    }

    private int withoutTabs(String text) {
        int width = 0;
        int characters = 0;
        while (width < column - 1 && characters < text.length()) {
            width += text.charAt(characters) == '\t' ? TAB - width % TAB : 1;
            characters++;
        }
        return characters + 1;
    }
}
