package dev.supervisor.cli;

import dev.supervisor.load.LoadProgress;
import dev.supervisor.load.LoadTest;
import dev.supervisor.load.Report;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** Shows the progress of a load test: on a terminal in one line that is redrawn, elsewhere in a line each second. */
final class ProgressLine implements LoadTest.Observer {

    private final Consumer<String> shown;
    private final Runnable end;

    private ProgressLine(Consumer<String> shown, Runnable end) {
        this.shown = shown;
        this.end = end;
    }

    static ProgressLine onTerminal(StatusLine line) {
        return new ProgressLine(line::show, line::clear);
    }

    static ProgressLine eachInALine(PrintWriter out) {
        return new ProgressLine(
                text -> {
                    out.println(text);
                    out.flush();
                },
                () -> {});
    }

    @Override
    public void started() {
        shown.accept("warming up");
    }

    @Override
    public void progress(LoadProgress progress) {
        shown.accept(Report.line(progress));
    }

    /** Removes the line that is redrawn. */
    void end() {
        end.run();
    }
}
