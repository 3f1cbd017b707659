package dev.supervisor.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code supervisor logs}. */
@Command(
        name = LogsCommand.NAME,
        header = "Prints what has happened.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor logs [-f] [--json] [--port N | --pid N] [--app NAME]",
        description = {
            "",
            "Prints the last events: changes, builds and their output, swaps, failures, and what becomes of former generations.",
            ""
        },
        footer = {
            "",
            ClientSubcommand.EXIT_CODES,
            "",
            "Examples:",
            "  supervisor logs -f",
            "  supervisor logs --json --port 8888"
        })
@SuppressWarnings("UnusedVariable") // see ClientSubcommand
final class LogsCommand extends ClientSubcommand {

    static final String NAME = "logs";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with the ones that follow.")
    private boolean follow;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--app",
            paramLabel = "NAME",
            description = "The application, if the supervisor has several. Default: all.")
    private @Nullable String app;
}
