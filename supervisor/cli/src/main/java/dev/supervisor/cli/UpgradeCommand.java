package dev.supervisor.cli;

import picocli.CommandLine.Command;

/** The command {@code supervisor upgrade}. */
@Command(
        name = UpgradeCommand.NAME,
        header = "Replaces a running supervisor by another version, JVM or options.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor upgrade [--port N | --pid N] [-- OPTION...]",
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
            "Exit codes: 0 the successor serves, 1 the running supervisor goes on, 2 wrong usage, 3 no supervisor runs, 4 it"
                    + " can't be told.",
            "",
            "Examples:",
            "  supervisor upgrade",
            "  JAVA_HOME=/usr/lib/jvm/jdk-25 /opt/supervisor-2/bin/supervisor upgrade --pid 1234",
            "  supervisor upgrade -- --port 8888 --app app.jar --swap overlap"
        })
final class UpgradeCommand extends ClientSubcommand {

    static final String NAME = "upgrade";
}
