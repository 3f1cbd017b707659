package dev.supervisor.cli;

import picocli.CommandLine.Option;

/** Options about what can be asked of the running supervisor. */
@OfProcess
final class ControlArguments {

    @Option(
            names = "--no-control",
            description = "No control socket: 'supervisor status', 'swap', 'upgrade' and the like can't reach this"
                    + " process, and keys and signals still do. Otherwise it has a Unix socket that only the same user"
                    + " can use, in $RUNTIME_DIRECTORY, $XDG_RUNTIME_DIR or the directory for temporary files.")
    private boolean off;

    boolean isOn() {
        return !off;
    }
}
