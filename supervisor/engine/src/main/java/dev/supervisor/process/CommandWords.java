package dev.supervisor.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Makes command lines, as lists of words. */
public final class CommandWords {

    /**
     * A program of util-linux. It replaces itself by the command, which leads a new session, and so a new process
     * group.
     */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private static final boolean HAS_SETSID = Files.isExecutable(SETSID);
    private static final boolean IS_WINDOWS = System.getProperty("os.name").startsWith("Windows");

    private CommandWords() {}

    /** Returns a command line that runs a command by the system's shell. */
    public static List<String> ofShell(String command) {
        return IS_WINDOWS ? List.of("cmd", "/c", command) : List.of("sh", "-c", command);
    }

    /** Returns whether {@link #apart} makes a difference on this system. */
    static boolean canBeApart() {
        return HAS_SETSID;
    }

    /**
     * Returns a command line that runs a command in a session of its own, if the system can do that. Keys typed in the
     * terminal (Ctrl-C, Ctrl-Z) and the terminal's end then send it no signals. If the program does not exist, the
     * command is returned as it is, so that starting it fails with the usual error.
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
        return places(program).anyMatch(CommandWords::isProgram);
    }

    /** Returns where the file of a program may be: a path is one itself, and a name is in a directory of the PATH. */
    public static Stream<Path> places(String program) {
        return program.contains("/")
                ? Stream.of(Path.of(program))
                : Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .map(directory -> Path.of(directory, program));
    }

    /** Returns whether there is a file that this process may execute. */
    public static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
