package dev.supervisor.cli;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The commands below {@code supervisor}, of which one is named by the first argument. Picocli reads all annotations of each that it
 * is told, so it is told none where none can be meant: a start has less to do.
 */
final class Subcommands {

    static final String HELP = "help";

    private static final Map<String, Class<?>> BY_NAME = byName();

    private Subcommands() {}

    private static Map<String, Class<?>> byName() {
        Map<String, Class<?>> byName = new LinkedHashMap<>(); // in the order of the help
        byName.put(StatusCommand.NAME, StatusCommand.class);
        byName.put(SwapCommand.NAME, SwapCommand.class);
        byName.put(RollbackCommand.NAME, RollbackCommand.class);
        byName.put(PauseCommand.NAME, PauseCommand.class);
        byName.put(ResumeCommand.NAME, ResumeCommand.class);
        byName.put(DrainCommand.NAME, DrainCommand.class);
        byName.put(ThreadsCommand.NAME, ThreadsCommand.class);
        byName.put(LogsCommand.NAME, LogsCommand.class);
        byName.put(StopCommand.NAME, StopCommand.class);
        byName.put(UpgradeCommand.NAME, UpgradeCommand.class);
        byName.put(LoadTestCommand.NAME, LoadTestCommand.class);
        byName.put(ExecCommand.NAME, ExecCommand.class);
        byName.put(ConfigCommand.NAME, ConfigCommand.class);
        byName.put(ArchiveCommand.NAME, ArchiveCommand.class);
        byName.put(HELP, HelpCommand.class);
        return Collections.unmodifiableMap(byName);
    }

    /** Returns the one that the arguments begin with. */
    static Optional<String> first(List<String> arguments) {
        return arguments.stream().limit(1).filter(BY_NAME::containsKey).findFirst();
    }

    /** Returns what is wrong if it is that one of them stands behind options. */
    static Optional<String> misplaced(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched) || unmatched.isUnknownOption()) {
            return Optional.empty();
        }
        return first(unmatched.getUnmatched())
                .map(name -> "the command '" + name + "' must come first: supervisor " + name + " ...");
    }

    /**
     * Adds them to a command that is to be run with these arguments, if one may be meant, or misspelled, or the help is to list
     * them.
     */
    static void addTo(CommandLine command, List<String> arguments) {
        if (!isNoneOf(arguments)) {
            addAllTo(command);
        }
    }

    /** Returns whether no command is meant, nor a text such as the help: the supervisor is to run. */
    static boolean isNoneOf(List<String> arguments) {
        boolean beginWithOption = arguments.stream().limit(1).anyMatch(Subcommands::isOption);
        return beginWithOption && arguments.stream().noneMatch(Subcommands::mayAskForText);
    }

    static void addAllTo(CommandLine command) {
        BY_NAME.values().forEach(command::addSubcommand);
    }

    private static boolean isOption(String argument) {
        return argument.startsWith("-");
    }

    private static boolean mayAskForText(String argument) {
        return argument.equals("--help") || argument.equals("--version") || argument.matches("-[a-zA-Z]*[hV].*");
    }
}
