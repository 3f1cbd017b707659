package dev.supervisor.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jline.terminal.spi.SystemStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** Options about the output, and about actions after a swap or a failed swap. */
@OfProcess
final class OutputArguments {

    @Option(
            names = "--on-swap",
            paramLabel = "COMMAND",
            description = "Run this shell command after each swap, for 30 s at most, with SUPERVISOR_STATUS (serving or"
                    + " failed), SUPERVISOR_GENERATION (the last one that served) and SUPERVISOR_APPLICATION (its name) in"
                    + " its environment.")
    private @Nullable String onSwap;

    @Option(names = "--bell", description = "Ring the terminal's bell after each swap, made or failed.")
    private boolean bell;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print sockets and failures only.")
    private boolean quiet;

    @Option(
            names = "--color",
            paramLabel = "auto|always|never",
            defaultValue = "auto",
            description = "Whether to color what is printed; auto does on a terminal, unless NO_COLOR,"
                    + " CLICOLOR=0 or TERM=dumb is set."
                    + " Default: ${DEFAULT-VALUE}.")
    private ColorChoice color = ColorChoice.AUTO;

    @Option(
            names = "--log",
            paramLabel = "plain|text|json",
            description = "The form of the lines that are printed: as they are (plain), with time, level and generation"
                    + " (text), or one JSON object each (json), errors at the start too. They go to standard error; what the"
                    + " application prints goes where it prints it, as it is. Default: plain on a terminal, text"
                    + " elsewhere.")
    private @Nullable LogChoice log;

    @Option(
            names = "--events",
            paramLabel = "json[:FILE]",
            converter = DestinationConverter.class,
            description = "Write each event as a JSON object in a line of its own, to standard output or at the end of"
                    + " FILE, for programs.")
    private @Nullable String events;

    enum LogChoice {
        PLAIN,
        TEXT,
        JSON
    }

    enum ColorChoice {
        AUTO,
        ALWAYS,
        NEVER
    }

    /** Leaves the check to the {@link EventLog}. */
    static final class DestinationConverter implements ITypeConverter<String>, RelativeToFile {
        @Override
        public String convert(String value) {
            return value;
        }

        @Override
        public String resolve(String value, Path directory) {
            return EventLog.fileOf(value)
                    .map(file -> EventLog.to(directory.resolve(file)))
                    .orElse(value);
        }
    }

    Optional<String> onSwap() {
        return Optional.ofNullable(onSwap);
    }

    boolean bell() {
        return bell;
    }

    boolean quiet() {
        return quiet;
    }

    /** Returns the chosen form; empty if it depends on whether the output is a terminal. */
    Optional<LogChoice> log() {
        return Optional.ofNullable(log);
    }

    Optional<String> events() {
        return Optional.ofNullable(events);
    }

    /** Returns whether to print colors. */
    boolean colors() {
        return switch (color) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> Terminal.isColored(SystemStream.Error);
        };
    }
}
