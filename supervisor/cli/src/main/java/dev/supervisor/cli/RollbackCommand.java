package dev.supervisor.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code supervisor rollback}. */
@Command(
        name = RollbackCommand.NAME,
        header = "Brings a former build back.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor rollback [N] [--wait=DURATION] [--port N | --pid N] [--app NAME]",
        description = {
            "",
            "Brings back the build that served before the live one or, with N, the one that served N builds before it. Its files need not be there any more: the last builds are kept (--keep-builds). What changes afterwards is noted, and swapped after 'supervisor resume'.",
            ""
        },
        footer = {
            "",
            ClientSubcommand.EXIT_CODES,
            "",
            "Examples:",
            "  supervisor rollback",
            "  supervisor rollback 2 --port 8888"
        })
@SuppressWarnings("UnusedVariable") // see ClientSubcommand
final class RollbackCommand extends ClientSubcommand {

    static final String NAME = "rollback";

    @Parameters(index = "0", arity = "0..1", paramLabel = "N", description = "How many builds to go back. Default: 1.")
    private @Nullable Integer builds;

    @Option(
            names = "--wait",
            arity = "0..1",
            fallbackValue = "30s",
            paramLabel = "DURATION",
            description = "How long to wait until it is known what has become of it. Default: 30s.")
    private @Nullable String wait;

    @Option(names = "--app", paramLabel = "NAME", description = "The application, if the supervisor has several.")
    private @Nullable String app;
}
