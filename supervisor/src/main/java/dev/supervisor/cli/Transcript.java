package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.failure.PlainText;
import java.io.PrintStream;
import java.util.List;

/** Prints a line for each event, as systemfd does. Thread-safe. */
final class Transcript {

    private enum Style {
        PLAIN(""),
        GOOD("32"),
        BAD("31"),
        WARNING("33"),
        FAINT("2"),
        SOCKET("36");

        private final String code;

        Style(String code) {
            this.code = code;
        }

        String apply(String text, boolean colors) {
            return colors && this != PLAIN ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
        }
    }

    private static final char BELL = '\u0007';

    private final PrintStream out;
    private final BuildView builds;
    private final boolean colors;
    private final boolean quiet;
    private final boolean bell;

    Transcript(PrintStream out, BuildView builds, boolean colors, boolean quiet, boolean bell) {
        this.out = out;
        this.builds = builds;
        this.colors = colors;
        this.quiet = quiet;
        this.bell = bell;
    }

    void print(Event event) {
        Style style = styleOf(event);
        boolean important = style == Style.SOCKET || style == Style.BAD || style == Style.WARNING;
        builds.text(event)
                .filter(text -> important || !quiet)
                .ifPresent(text -> out.println(style.apply(PlainText.visible(text), colors)));
        if (bell && (event instanceof Event.Serving || event instanceof Event.Failed)) {
            out.print(BELL);
            out.flush();
        }
    }

    /** How to go on; not if it is to be quiet. */
    void hint(String text) {
        if (!quiet) {
            out.println(Style.FAINT.apply(text, colors));
        }
    }

    /** What has been asked for, in one block. */
    void answer(List<String> lines) {
        out.println(PlainText.visible(String.join("\n", lines)));
    }

    void printError(String text) {
        out.println(Style.BAD.apply(PlainText.visible(text), colors));
    }

    private static Style styleOf(Event event) {
        if (event instanceof Event.Listening || event instanceof Event.Refreshing) {
            return Style.SOCKET;
        }
        if (event instanceof Event.Serving) {
            return Style.GOOD;
        }
        if (event instanceof Event.Failed) {
            return Style.BAD;
        }
        if (event instanceof Event.NotServed
                || event instanceof Event.Restless
                || event instanceof Event.Unsettled
                || event instanceof Event.DrainTimedOut
                || event instanceof Event.LeftBehind
                || event instanceof Event.KeptAlive
                || event instanceof Event.Full
                || event instanceof Event.MetaspaceLow) {
            return Style.WARNING;
        }
        return event instanceof Event.Stopping || event instanceof Event.BuildOutput ? Style.PLAIN : Style.FAINT;
    }
}
