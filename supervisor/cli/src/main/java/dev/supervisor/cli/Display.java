package dev.supervisor.cli;

import dev.supervisor.cli.OutputArguments.LogChoice;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import org.jline.terminal.spi.SystemStream;

/**
 * The command's output on standard error: the transcript and the log. A terminal also has a status line, and the
 * application's output appears above it. Printing does not wait for a reader, except for log lines of the application's
 * threads. Thread-safe.
 */
final class Display implements AutoCloseable {

    private static final int MOST_WAITING = 10_000;
    private static final Duration PATIENCE_AT_THE_END = Duration.ofSeconds(2);

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final BuildView builds;
    private final Transcript transcript;
    private final PrintQueue outbox;
    private final LogLines log;

    private Display(OutputArguments arguments, boolean hasKeys, List<String> applications) {
        boolean hasStatusLine = form(arguments) == LogChoice.PLAIN && Terminal.changesLines(SystemStream.Error);
        this.builds =
                arguments.quiet() ? BuildView.quiet() : hasStatusLine ? statusLine(hasKeys) : BuildView.streamed();
        this.outbox = new PrintQueue(MOST_WAITING, this::printDropped, PATIENCE_AT_THE_END);
        this.transcript = new Transcript(
                outbox::offer, stream(form(arguments)), builds, look(arguments, applications), InstantSource.system());
        this.log = LogLines.divert(
                !applications.isEmpty(),
                line -> outbox.offer(() -> printLogged(line)),
                line -> outbox.put(() -> printLogged(line)));
    }

    /**
     * Opens the display. If it has a status line, it replaces the JVM's standard streams until it is closed.
     *
     * @param applications their names, if there are several
     */
    static Display open(OutputArguments arguments, boolean hasKeys, List<String> applications) {
        return new Display(arguments, hasKeys, applications);
    }

    private static BuildView statusLine(boolean hasKeys) {
        StatusLine line = new StatusLine(System.err, () -> Terminal.width(SystemStream.Error), new Foreground(true));
        Charset charset = Terminal.charset();
        if (Terminal.is(SystemStream.Output)) {
            System.setOut(line.above(System.out, charset));
        }
        System.setErr(line.above(System.err, charset));
        return new BuildStatus(line, System::nanoTime, hasKeys ? " (press b for all)" : "");
    }

    private static LogChoice form(OutputArguments arguments) {
        return arguments.log().orElseGet(() -> Terminal.is(SystemStream.Error) ? LogChoice.PLAIN : LogChoice.TEXT);
    }

    /** Returns the stream to print to. JSON is in UTF-8, whatever the locale, since programs read it. */
    private static PrintStream stream(LogChoice form) {
        return form == LogChoice.JSON ? new PrintStream(System.err, true, StandardCharsets.UTF_8) : System.err;
    }

    private static Transcript.Look look(OutputArguments arguments, List<String> applications) {
        ZoneId zone = ZoneId.systemDefault();
        boolean quiet = arguments.quiet();
        return switch (form(arguments)) {
            case PLAIN ->
                new Transcript.Look(
                        LineFormat.terminal(zone),
                        new Labels(applications),
                        arguments.colors(),
                        quiet,
                        arguments.bell());
            case TEXT ->
                new Transcript.Look(LineFormat.text(zone), Labels.NONE, arguments.colors(), quiet, arguments.bell());
            case JSON -> new Transcript.Look(LineFormat.json(), Labels.NONE, false, quiet, false);
        };
    }

    private void printLogged(Line line) {
        transcript.printLogged(line);
    }

    private void printDropped(int count) {
        transcript.printDropped(count);
    }

    Transcript transcript() {
        return transcript;
    }

    /** Prints the queued lines, for at most {@link #PATIENCE_AT_THE_END}, and restores the standard streams. */
    @Override
    public void close() {
        log.close();
        outbox.offer(builds::close);
        outbox.close();
        System.setOut(out);
        System.setErr(err);
    }
}
