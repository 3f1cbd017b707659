package dev.supervisor.cli;

import dev.supervisor.Event;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/** Prints a line for each event, as systemfd does, on the executor {@code printing}. Thread-safe. */
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

        Line.Level level() {
            return switch (this) {
                case BAD -> Line.Level.ERROR;
                case WARNING -> Line.Level.WARN;
                default -> Line.Level.INFO;
            };
        }

        String apply(String text, boolean colors) {
            return colors && this != PLAIN ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
        }
    }

    private static final char BELL = '\u0007';

    /**
     * The look of the transcript.
     *
     * @param labels stand before lines about an application
     * @param quiet whether only sockets, warnings and failures are printed
     * @param bell whether the bell is rung after each swap, made or failed
     */
    record Look(LineFormat format, Labels labels, boolean colors, boolean quiet, boolean bell) {}

    private final Executor printing;
    private final PrintStream out;
    private final BuildView builds;
    private final Look look;
    private final InstantSource clock;

    /** @param printing runs prints one after another; {@code builds} is used only there */
    Transcript(Executor printing, PrintStream out, BuildView builds, Look look, InstantSource clock) {
        this.printing = printing;
        this.out = out;
        this.builds = builds;
        this.look = look;
        this.clock = clock;
    }

    /** @param application its name if there are several */
    void print(Optional<String> application, Event event) {
        Instant time = clock.instant();
        printing.execute(() -> print(application, event, time));
    }

    private void print(Optional<String> application, Event event, Instant time) {
        Style style = styleOf(event);
        boolean important = style == Style.SOCKET || style == Style.BAD || style == Style.WARNING;
        builds.text(application, event)
                .filter(text -> important || !look.quiet())
                .ifPresent(text -> print(Line.of(application, event, time, style.level(), text), style));
        if (look.bell() && (event instanceof Event.Serving || event instanceof Event.Failed)) {
            out.print(BELL);
            out.flush();
        }
    }

    private void print(Line line, Style style) {
        String label = look.labels().of(line.application(), look.colors());
        String text = look.format().format(line);
        out.println(
                label.isEmpty()
                        ? style.apply(text, look.colors())
                        : text.lines()
                                .map(each -> label + style.apply(each, look.colors()))
                                .collect(Collectors.joining("\n")));
    }

    /** Prints a line of the log. Must run on {@code printing}. */
    void printLogged(Line line) {
        print(line, Style.PLAIN);
    }

    /** Prints how many lines were lost. Must run on {@code printing}. */
    void printDropped(int count) {
        builds.linesWereLost();
        print(
                Line.named(
                        "dropped",
                        clock.instant(),
                        Line.Level.WARN,
                        "... " + count + (count == 1 ? " line was" : " lines were")
                                + " dropped here: nobody read them"),
                Style.WARNING);
    }

    /** Prints a hint, unless the transcript is quiet. */
    void hint(String text) {
        if (!look.quiet()) {
            printLater("hint", Style.FAINT, text);
        }
    }

    /** Prints the answer to a key, in one block. */
    void answer(List<String> lines) {
        printLater("answer", Style.PLAIN, String.join("\n", lines));
    }

    void printNote(String text) {
        printLater("note", Style.PLAIN, text);
    }

    void printWarning(String text) {
        printLater("warning", Style.WARNING, text);
    }

    void printError(String text) {
        printError(Optional.empty(), text);
    }

    /** @param application the name of the application that has failed, if there are several */
    void printError(Optional<String> application, String text) {
        printLater("error", Style.BAD, application, text);
    }

    private void printLater(String event, Style style, String text) {
        printLater(event, style, Optional.empty(), text);
    }

    private void printLater(String event, Style style, Optional<String> application, String text) {
        Line line = Line.named(event, clock.instant(), style.level(), text).about(application);
        printing.execute(() -> print(line, style));
    }

    private static Style styleOf(Event event) {
        if (event instanceof Event.Listening
                || event instanceof Event.PortClosed
                || event instanceof Event.Refreshing) {
            return Style.SOCKET;
        }
        if (event instanceof Event.Serving) {
            return Style.GOOD;
        }
        if (event instanceof Event.Failed || (event instanceof Event.Tested tested && tested.failed() > 0)) {
            return Style.BAD;
        }
        if (event instanceof Event.NotServed
                || event instanceof Event.CertificatesRefused
                || event instanceof Event.CertificateExpires
                || event instanceof Event.AuthorityMade
                || event instanceof Event.NotInjected
                || event instanceof Event.DatagramsLost
                || event instanceof Event.NotTested
                || event instanceof Event.Restless
                || event instanceof Event.Unsettled
                || event instanceof Event.DrainTimedOut
                || event instanceof Event.LeftBehind
                || event instanceof Event.KeptAlive
                || event instanceof Event.RunsOn
                || event instanceof Event.Full
                || event instanceof Event.MetaspaceLow) {
            return Style.WARNING;
        }
        return event instanceof Event.Stopping || event instanceof Event.BuildOutput ? Style.PLAIN : Style.FAINT;
    }
}
