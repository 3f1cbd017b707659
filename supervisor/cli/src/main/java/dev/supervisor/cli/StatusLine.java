package dev.supervisor.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jline.utils.WCWidth;

/**
 * A line at the bottom of a terminal that is redrawn; output of the streams made by {@link #above} appears above it. It
 * is not drawn in the background, where the cursor belongs to another process. Thread-safe.
 */
final class StatusLine {

    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream terminal;
    private final IntSupplier width;
    private final BooleanSupplier inForeground;

    // Guarded by this.
    private String text = "";
    private boolean isDrawn;
    private boolean isLineBegun;

    /**
     * @param width returns the terminal's width, in columns
     * @param inForeground returns whether the process is in the terminal's foreground
     */
    StatusLine(PrintStream terminal, IntSupplier width, BooleanSupplier inForeground) {
        this.terminal = terminal;
        this.width = width;
        this.inForeground = inForeground;
    }

    /**
     * Shows a status.
     *
     * @param status one line without control characters; cut to the terminal's width
     */
    synchronized void show(String status) {
        text = status;
        draw();
    }

    /** Removes the line. */
    synchronized void clear() {
        text = "";
        erase();
        terminal.flush();
    }

    private void draw() {
        if (!text.isEmpty() && !isLineBegun && inForeground.getAsBoolean()) { // not below an unfinished line
            terminal.print(CLEAR + cut(text, width.getAsInt() - 1)); // some terminals wrap at the last column
            terminal.flush();
            isDrawn = true;
        }
    }

    private void erase() {
        if (isDrawn && inForeground.getAsBoolean()) {
            terminal.print(CLEAR);
            terminal.flush();
        }
        isDrawn = false;
    }

    static String cut(String text, int columns) {
        int end = 0;
        int used = 0;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            used += Math.max(0, WCWidth.wcwidth(character));
            if (used > columns) {
                break;
            }
            end += Character.charCount(character);
        }
        return text.substring(0, end);
    }

    /** Returns a stream that writes to the same terminal, above the line. */
    PrintStream above(PrintStream stream, Charset charset) {
        return new PrintStream(new Above(stream), true, charset);
    }

    private synchronized void write(PrintStream stream, byte[] bytes, int offset, int length) {
        erase();
        stream.write(bytes, offset, length);
        stream.flush();
        if (length > 0) {
            isLineBegun = bytes[offset + length - 1] != '\n';
        }
        draw();
    }

    private final class Above extends OutputStream {

        private final PrintStream stream;

        Above(PrintStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            StatusLine.this.write(stream, bytes, offset, length);
        }
    }
}
