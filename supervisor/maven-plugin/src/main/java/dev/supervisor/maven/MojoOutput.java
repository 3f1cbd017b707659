package dev.supervisor.maven;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Keeps what goals print while they run. The terminal is the supervisor's meanwhile, which draws a status line there.
 */
final class MojoOutput implements AutoCloseable {

    private static final Pattern ESCAPES = Pattern.compile("\u001B\\[[0-9;]*[A-Za-z]");
    static final String ERROR = "[ERROR]";

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Runnable restoreLogger;

    MojoOutput() {
        PrintStream to = new PrintStream(kept, true, StandardCharsets.UTF_8);
        System.setOut(to);
        System.setErr(to);
        restoreLogger = LoggerOutput.redirectTo(to);
    }

    /** Returns the lines that tell of errors, without Maven's prefix; all lines if there are none. */
    List<String> errors() {
        List<String> lines = ESCAPES.matcher(kept.toString(StandardCharsets.UTF_8))
                .replaceAll("")
                .lines()
                .toList();
        List<String> errors = lines.stream()
                .filter(line -> line.startsWith(ERROR))
                .map(line -> line.substring(ERROR.length()).strip())
                .filter(line -> !line.isEmpty())
                .toList();
        return errors.isEmpty() ? lines : errors;
    }

    @Override
    public void close() {
        restoreLogger.run();
        System.setOut(out);
        System.setErr(err);
    }
}
