package dev.supervisor.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code supervisor swap}. */
@Command(
        name = SwapCommand.NAME,
        header = "Swaps the application now.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor swap [--wait[=DURATION]] [--port N | --pid N] [--app NAME]",
        description = {
            "",
            "Makes a new generation of the build as it is, whether it has changed or not; in a pause, too.",
            ""
        },
        footer = {
            "",
            ClientSubcommand.EXIT_CODES,
            "",
            "Examples:",
            "  supervisor swap",
            "  supervisor swap --wait && echo serves",
            "  supervisor swap --wait=5m --port 8888"
        })
@SuppressWarnings("UnusedVariable") // see ClientSubcommand
final class SwapCommand extends ClientSubcommand {

    static final String NAME = "swap";

    @Option(
            names = "--wait",
            arity = "0..1",
            fallbackValue = "30s",
            paramLabel = "DURATION",
            description =
                    "Wait until it is known what has become of it: until the new generation serves, or the build has"
                            + " failed, which the exit code tells. If the build changes meanwhile, that is what becomes of the"
                            + " next one. At most for 30s, or for this time; the swap goes on after it.")
    private @Nullable String wait;

    @Option(
            names = "--app",
            paramLabel = "NAME",
            description = "The application, if the supervisor has several. Default: all.")
    private @Nullable String app;
}
