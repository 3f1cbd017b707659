package dev.supervisor.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Command lines, word by word. */
public final class CommandWords {

    /** Of util-linux; replaces itself by the command, which is the leader of a new session, and so of a new group. */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private static final boolean HAS_SETSID = Files.isExecutable(SETSID);
    private static final boolean IS_WINDOWS = System.getProperty("os.name").startsWith("Windows");

    private CommandWords() {}

    /** Has the shell of the system run a command. */
    public static List<String> ofShell(String command) {
        return IS_WINDOWS ? List.of("cmd", "/c", command) : List.of("sh", "-c", command);
    }

    /** Whether {@link #apart} makes a difference here. */
    static boolean canBeApart() {
        return HAS_SETSID;
    }

    /**
     * Has a command run in a session of its own, if the system can do that: what is typed in the terminal (Ctrl-C, Ctrl-Z)
     * and its end are no signals for it. A program that is not there is left to be complained about as usual.
     */
    public static List<String> apart(List<String> command) {
        if (!HAS_SETSID || !isThere(command.get(0))) {
            return command;
        }
        List<String> line = new ArrayList<>(List.of(SETSID.toString()));
        line.addAll(command);
        return line;
    }

    private static boolean isThere(String program) {
        return program.contains("/")
                ? Files.isExecutable(Path.of(program))
                : Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
