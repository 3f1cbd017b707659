package dev.supervisor.cli;

import java.io.PrintStream;
import java.nio.charset.Charset;
import org.jline.terminal.spi.SystemStream;

/**
 * What the command prints, to standard error: on a terminal with a status line below it, above which also stands what
 * the application prints. Thread-safe.
 */
final class Display implements AutoCloseable {

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final BuildView builds;
    private final Transcript transcript;

    private Display(OutputArguments arguments, boolean hasKeys) {
        this.builds = builds(arguments.quiet(), hasKeys);
        this.transcript = new Transcript(System.err, builds, arguments.colors(), arguments.quiet(), arguments.bell());
    }

    /** Until it is closed, the standard streams are its own. */
    static Display open(OutputArguments arguments, boolean hasKeys) {
        return new Display(arguments, hasKeys);
    }

    private static BuildView builds(boolean quiet, boolean hasKeys) {
        if (quiet) {
            return BuildView.quiet();
        }
        if (!Terminal.changesLines(SystemStream.Error)) {
            return BuildView.streamed();
        }
        StatusLine line = new StatusLine(System.err, () -> Terminal.width(SystemStream.Error), new Foreground(true));
        Charset charset = Terminal.charset();
        if (Terminal.is(SystemStream.Output)) {
            System.setOut(line.above(System.out, charset));
        }
        System.setErr(line.above(System.err, charset));
        return new BuildStatus(line, System::nanoTime, hasKeys ? " (press b for all)" : "");
    }

    Transcript transcript() {
        return transcript;
    }

    @Override
    public void close() {
        builds.close();
        System.setOut(out);
        System.setErr(err);
    }
}
