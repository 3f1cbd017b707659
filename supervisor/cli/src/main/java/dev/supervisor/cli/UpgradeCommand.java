package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.cli.upgrade.UpgradeClient;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code supervisor upgrade}. */
@Command(
        name = UpgradeCommand.NAME,
        header = "Replaces a running supervisor by another version, JVM or options.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor upgrade [--pid N] [-- OPTION...]",
        description = {
            "",
            "Replaces a running supervisor by another version, JVM or options, without closing a port that stays or a"
                    + " connection that can move: by the version whose 'upgrade' is called, on the JVM of JAVA_HOME,"
                    + " with the same options or the ones after --. The running supervisor starts"
                    + " its successor, and leaves the sockets and the connections to it when its application serves. A"
                    + " successor that fails changes nothing.",
            ""
        },
        footer = {
            "",
            "The signal USR2 does the same, by the start script, on the JVM and with the options of the running supervisor."
                    + " Replace its distribution before that, and the new version runs.",
            "Exit codes: 0 the successor serves, 1 the running supervisor goes on, 2 wrong usage.",
            "",
            "Examples:",
            "  supervisor upgrade",
            "  JAVA_HOME=/usr/lib/jvm/jdk-25 /opt/supervisor-2/bin/supervisor upgrade --pid 1234",
            "  supervisor upgrade -- --port 8888 --app app.jar --swap overlap"
        })
final class UpgradeCommand implements Callable<Integer> {

    static final String NAME = "upgrade";

    @Option(
            names = "--pid",
            paramLabel = "N",
            description = "The process to replace. Default: the only supervisor of this user that runs.")
    private @Nullable Long pid;

    @ParentCommand
    private @Nullable SupervisorCommand parent;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        List<String> arguments = Objects.requireNonNull(parent).argumentsAfterDashes();
        try {
            UpgradeClient.upgrade(
                    parent.environment(),
                    pid == null ? OptionalLong.empty() : OptionalLong.of(pid),
                    arguments.isEmpty() ? Optional.empty() : Optional.of(arguments),
                    err::println);
            return SupervisorCommand.STOPPED;
        } catch (SupervisorException e) {
            err.println("supervisor: " + e.message(OptionNames::of));
            return SupervisorCommand.FAILED;
        }
    }
}
