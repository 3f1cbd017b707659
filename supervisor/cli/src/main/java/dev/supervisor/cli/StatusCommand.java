package dev.supervisor.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code supervisor status}. */
@Command(
        name = StatusCommand.NAME,
        header = "Shows how a running supervisor is.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor status [--json] [--port N | --pid N] [--app NAME]",
        description = {
            "",
            "Shows what a running supervisor does: its generations, sockets and connections, the last swap, the builds that a rollback can go back to, and why the newest build does not serve, if it does not.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 serving, 1 the newest build does not serve, 2 wrong usage, 3 no supervisor runs, 4 it can't be"
                    + " told: no permission, no answer in time, or the first build is on its way.",
            "",
            "Examples:",
            "  supervisor status",
            "  supervisor status --port 8888 --json",
            "  until supervisor status; do sleep 1; done"
        })
@SuppressWarnings("UnusedVariable") // see ClientSubcommand
final class StatusCommand extends ClientSubcommand {

    static final String NAME = "status";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--app",
            paramLabel = "NAME",
            description = "The application, if the supervisor has several. Default: all.")
    private @Nullable String app;
}
