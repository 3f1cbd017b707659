package dev.supervisor.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Makes command lines, as lists of words. */
public final class CommandWords {

    /** Part of util-linux; it replaces itself by the command, which leads a new session, and so a new process group. */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private static final boolean HAS_SETSID = Files.isExecutable(SETSID);
    private static final boolean IS_WINDOWS = System.getProperty("os.name").startsWith("Windows");

    private CommandWords() {}

    /** Returns a line that has the system's shell run a command. */
    public static List<String> ofShell(String command) {
        return IS_WINDOWS ? List.of("cmd", "/c", command) : List.of("sh", "-c", command);
    }

    /** Whether {@link #apart} makes a difference on this system. */
    static boolean canBeApart() {
        return HAS_SETSID;
    }

    /**
     * Returns a line that runs a command in a session of its own, if the system can do that: keys typed in the terminal
     * (Ctrl-C, Ctrl-Z) and the terminal's end send it no signals. A missing program stays, for the usual error.
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
