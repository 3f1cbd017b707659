package dev.supervisor.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code supervisor threads}. */
@Command(
        name = ThreadsCommand.NAME,
        header = "Prints the threads of the application.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor threads [--json] [--port N | --pid N] [--app NAME]",
        description = {
            "",
            "Prints the threads of the generation that is live, and of one that is starting, with their stacks.",
            ""
        },
        footer = {"", ClientSubcommand.EXIT_CODES, "", "Examples:", "  supervisor threads"})
@SuppressWarnings("UnusedVariable") // see ClientSubcommand
final class ThreadsCommand extends ClientSubcommand {

    static final String NAME = "threads";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--app",
            paramLabel = "NAME",
            description = "The application, if the supervisor has several. Default: all.")
    private @Nullable String app;
}
