package dev.supervisor.cli;

import dev.supervisor.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A script of the shell on a terminal of its own, which {@code script} of util-linux makes. */
final class TerminalScript {

    private TerminalScript() {}

    /**
     * Runs a script; {@code $SUPERVISOR} is the command, {@code modes} prints the modes of the terminal.
     *
     * @param environment in place of what there is otherwise
     */
    static Command start(Path directory, String shell, String script, Map<String, String> environment)
            throws IOException {
        String functions = "modes() { echo modes $(stty -g); }\n";
        Path file = Files.writeString(directory.resolve("script.sh"), functions + script);
        Map<String, String> all = new HashMap<>(Map.of(
                "TERM",
                "xterm",
                "LC_ALL",
                "C.UTF-8",
                "SUPERVISOR",
                Command.SCRIPT.toString(),
                "PATH",
                directory + ":" + System.getenv("PATH")));
        all.putAll(environment);
        return Command.start(
                directory,
                all,
                // exec: else a $SHELL that stays in between could die of a Ctrl-C, and its exit code is what is seen
                List.of("script", "-qec", "exec " + shell + " " + file, "/dev/null"));
    }
}
