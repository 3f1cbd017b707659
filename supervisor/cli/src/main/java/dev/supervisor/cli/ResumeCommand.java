package dev.supervisor.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code supervisor resume}. */
@Command(
        name = ResumeCommand.NAME,
        header = "Ends a pause, and a drain.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor resume [--port N | --pid N] [--app NAME]",
        description = {
            "",
            "Swaps what has changed in a pause, or since a rollback, and takes 'supervisor drain' back.",
            ""
        },
        footer = {"", ClientSubcommand.EXIT_CODES, "", "Examples:", "  supervisor resume"})
@SuppressWarnings("UnusedVariable") // see ClientSubcommand
final class ResumeCommand extends ClientSubcommand {

    static final String NAME = "resume";

    @Option(
            names = "--app",
            paramLabel = "NAME",
            description = "The application, if the supervisor has several. Default: all.")
    private @Nullable String app;
}
