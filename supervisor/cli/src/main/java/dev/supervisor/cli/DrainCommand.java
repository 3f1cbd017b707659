package dev.supervisor.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code supervisor drain}. */
@Command(
        name = DrainCommand.NAME,
        header = "Tells clients to leave.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor drain [--port N | --pid N] [--app NAME]",
        description = {
            "",
            "Tells clients to leave, until 'supervisor resume' or the stop: each answer by HTTP/1 says Connection: close, and the supervisor says that it is not ready. It goes on accepting, answering and swapping. Programs that know nothing of the supervisor give their answers as ever.",
            ""
        },
        footer = {"", ClientSubcommand.EXIT_CODES, "", "Examples:", "  supervisor drain && sleep 10 && supervisor stop"
        })
@SuppressWarnings("UnusedVariable") // see ClientSubcommand
final class DrainCommand extends ClientSubcommand {

    static final String NAME = "drain";

    @Option(
            names = "--app",
            paramLabel = "NAME",
            description = "The application, if the supervisor has several. Default: all.")
    private @Nullable String app;
}
