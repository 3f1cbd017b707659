package dev.supervisor.cli;

import dev.supervisor.load.LoadTest;
import dev.supervisor.load.Progress;
import dev.supervisor.load.Report;
import java.io.PrintWriter;

/** Shows how a load test goes: on a terminal in one line that changes, elsewhere in a line each second. */
final class ProgressLine implements LoadTest.Observer {

    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean onTerminal;

    ProgressLine(PrintWriter out, boolean onTerminal) {
        this.out = out;
        this.onTerminal = onTerminal;
    }

    @Override
    public void started() {
        show("warming up");
    }

    @Override
    public void progress(Progress progress) {
        show(Report.line(progress));
    }

    private void show(String text) {
        if (onTerminal) {
            out.print(CLEAR + text);
        } else {
            out.println(text);
        }
        out.flush();
    }

    /** Leaves nothing of the line that changes. */
    void end() {
        if (onTerminal) {
            out.print(CLEAR);
        }
        out.flush();
    }
}
