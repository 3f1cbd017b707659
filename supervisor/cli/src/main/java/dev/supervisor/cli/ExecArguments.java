package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.BuildTool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code supervisor exec}. */
final class ExecArguments {

    @Mixin
    private final BindArguments sockets = new BindArguments();

    @Option(
            names = "--no-pid",
            description = "Leave LISTEN_PID out, for a COMMAND that starts the program which takes the sockets as a"
                    + " process of its own: make, a script.")
    private boolean withoutPid;

    @Option(
            names = {"-w", "--watch"},
            paramLabel = "PATH",
            description = "Start COMMAND again when this changes, a directory or a file; may be repeated. Default with"
                    + " --build: src.")
    private List<Path> sources = List.of();

    @Option(
            names = {"-b", "--build"},
            paramLabel = "COMMAND",
            description = "Build by this shell command at the start, and on a change before COMMAND is started again:"
                    + " 'cargo build', 'make'. If it fails, the former process goes on.")
    private @Nullable String buildCommand;

    @Mixin
    private final SourceArguments watching = new SourceArguments();

    @Option(
            names = "--settle",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "50ms",
            description = "How long what is watched must stay unchanged first (if it never does, ten times as long, and"
                    + " at least 2 seconds). Default: ${DEFAULT-VALUE}.")
    private Duration settle = BuildTool.SETTLE;

    @Option(
            names = "--stop-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "5s",
            description = "How long the processes of COMMAND may take to end after TERM, before they are killed."
                    + " Default: ${DEFAULT-VALUE}.")
    private Duration stopTimeout = Duration.ofSeconds(5);

    /** Returns whether the command is started again, and not just once. */
    boolean restarts() {
        return buildCommand != null || !sources.isEmpty();
    }

    boolean withPid() {
        return !withoutPid;
    }

    Duration stopTimeout() {
        return stopTimeout;
    }

    /**
     * Returns the checked options about sockets and watching; those of an application have no meaning.
     *
     * @throws SupervisorException if an option has an invalid value; its message names the option
     */
    SupervisorOptions toOptions() {
        if (!restarts() && !watching.ignored().isEmpty()) {
            throw new SupervisorException(
                    "--ignore is about what is watched: it needs --watch PATH or --build COMMAND");
        }
        SourceArguments.check(sources);
        sockets.checkWithoutTls();
        SupervisorOptions.Builder options = SupervisorOptions.builder(Path.of(""))
                .optionNames(OptionNames.ALL)
                .settle(settle);
        sockets.addTo(options);
        watching.poll().ifPresent(options::poll);
        Optional.ofNullable(buildCommand)
                .map(command -> new BuildTool(
                        command,
                        Path.of("").toAbsolutePath(),
                        watched(),
                        watching.ignored(),
                        settle,
                        watching.onBusy()))
                .ifPresent(options::buildTool);
        return options.build();
    }

    /** Returns the files and directories that are watched. */
    List<Path> watched() {
        return buildCommand == null ? sources : SourceArguments.orDefault(sources, Surroundings.WORKING_DIRECTORY);
    }

    SourceArguments watching() {
        return watching;
    }
}
