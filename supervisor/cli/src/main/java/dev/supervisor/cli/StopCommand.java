package dev.supervisor.cli;

import picocli.CommandLine.Command;

/** The command {@code supervisor stop}. */
@Command(
        name = StopCommand.NAME,
        header = "Stops a running supervisor.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor stop [--port N | --pid N]",
        description = {
            "",
            "Asks a running supervisor to stop, as the signal TERM does, and returns when it has ended.",
            ""
        },
        footer = {"", ClientSubcommand.EXIT_CODES, "", "Examples:", "  supervisor stop --port 8888"})
final class StopCommand extends ClientSubcommand {

    static final String NAME = "stop";
}
