package dev.supervisor.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jline.utils.WCWidth;

/**
 * The last line of a terminal, which changes; what is written to streams {@link #above} it stands above. In the background
 * it is not drawn: the cursor is somebody else's. Thread-safe.
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
     * @param width of the terminal, in columns
     * @param inForeground whether the terminal is this process's at the moment
     */
    StatusLine(PrintStream terminal, IntSupplier width, BooleanSupplier inForeground) {
        this.terminal = terminal;
        this.width = width;
        this.inForeground = inForeground;
    }

    /** @param status one line, with nothing in it that moves the cursor; as much of it is shown as there is room for */
    synchronized void show(String status) {
        text = status;
        draw();
    }

    /** Leaves nothing of it. */
    synchronized void clear() {
        text = "";
        erase();
        terminal.flush();
    }

    private void draw() {
        if (!text.isEmpty() && !isLineBegun && inForeground.getAsBoolean()) { // what has begun a line will end it
            terminal.print(CLEAR + cut(text, width.getAsInt() - 1)); // the last column would begin a line, on some
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

    /** A stream to the same terminal. */
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
