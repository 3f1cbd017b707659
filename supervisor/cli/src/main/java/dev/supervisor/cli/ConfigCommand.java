package dev.supervisor.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code supervisor config}. */
@Command(
        name = ConfigCommand.NAME,
        header = "Checks a configuration file, by 'supervisor config check'.",
        subcommands = ConfigCheckCommand.class,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor config check [FILE]",
        description = {
            "",
            "A configuration file, for 'supervisor --config FILE', names applications that run in one process. A failing"
                    + " one disturbs no other. It is YAML 1.2:",
            "",
            "  log: text                     # options of the process",
            "  defaults:                     # options of all applications",
            "    drain-timeout: 10s",
            "  applications:",
            "    shop:",
            "      app: build/libs/shop.jar",
            "      port: 8888",
            "      build: gradle -q jar",
            "      watch: [ src, assets ]",
            "    api:",
            "      app: api.jar",
            "      socket: [ http::9000, unix::/run/api.sock ]",
            "      arguments: [ --verbose ]",
            "",
            "The keys are the long names of the options that 'supervisor --help' shows, without dashes. An option that may"
                    + " be repeated takes a list, one without a value true or false. Relative paths are relative to the"
                    + " file, and builds run in its directory.",
            ""
        },
        commandListHeading = "%nCommands:%n")
final class ConfigCommand implements Runnable {

    static final String NAME = "config";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Objects.requireNonNull(spec).commandLine(), "what is to be done is missing: config check");
    }
}
