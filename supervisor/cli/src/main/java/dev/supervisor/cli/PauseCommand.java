package dev.supervisor.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code supervisor pause}. */
@Command(
        name = PauseCommand.NAME,
        header = "Swaps nothing until it is resumed.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor pause [--port N | --pid N] [--app NAME]",
        description = {
            "",
            "Notes changes from now on, and swaps nothing because of them: no request waits. What had begun is completed. After 'supervisor resume', one swap follows if something has changed.",
            ""
        },
        footer = {"", ClientSubcommand.EXIT_CODES, "", "Examples:", "  supervisor pause"})
@SuppressWarnings("UnusedVariable") // see ClientSubcommand
final class PauseCommand extends ClientSubcommand {

    static final String NAME = "pause";

    @Option(
            names = "--app",
            paramLabel = "NAME",
            description = "The application, if the supervisor has several. Default: all.")
    private @Nullable String app;
}
