package dev.supervisor.exec;

import com.sun.jna.StringArray;
import dev.supervisor.process.CommandWords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program and its arguments.
 *
 * @param path of its file
 * @param words its name, as it was given, and its arguments
 */
record Program(String path, List<String> words) {

    private static final String SHELL = "/bin/sh";

    /** The process's id is known only within the process. */
    private static final String WITH_OWN_ID = "LISTEN_PID=$$; export LISTEN_PID; exec \"$@\"";

    Program {
        words = List.copyOf(words);
    }

    /**
     * Looks a program up, as a shell does.
     *
     * @throws CommandFailure if it does not exist, or must not be executed
     */
    static Program find(List<String> words) {
        String name = words.get(0);
        return CommandWords.places(name)
                .filter(CommandWords::isProgram)
                .findFirst()
                .map(file -> new Program(file.toString(), words))
                .orElseThrow(() -> notFound(name));
    }

    private static CommandFailure notFound(String name) {
        return CommandWords.places(name)
                .filter(file -> name.contains("/") ? Files.exists(file) : Files.isRegularFile(file))
                .findFirst()
                .map(Program::notExecutable)
                .orElseGet(() -> new CommandFailure(
                        CommandFailure.NOT_FOUND,
                        "can't run '" + name + "': "
                                + (name.contains("/")
                                        ? "there is no such file"
                                        : "it is in no directory of the PATH")));
    }

    private static CommandFailure notExecutable(Path file) {
        return new CommandFailure(
                CommandFailure.NOT_EXECUTABLE,
                "can't run '" + file + "': "
                        + (Files.isDirectory(file)
                                ? "it is a directory"
                                : "it is not executable (chmod +x " + file + ")"));
    }

    /** Returns the same program, started by a shell that sets {@code LISTEN_PID} and then becomes the program. */
    Program withOwnId() {
        List<String> line = new ArrayList<>(List.of("sh", "-c", WITH_OWN_ID, "sh"));
        line.addAll(words);
        return new Program(SHELL, line);
    }

    /** Returns the shell that runs this program, which is a script without {@code #!}, as execvp(3) does. */
    Program asScript() {
        List<String> line = new ArrayList<>(List.of("sh", path));
        line.addAll(words.subList(1, words.size()));
        return new Program(SHELL, line);
    }

    /** Returns the words for C, in the encoding in which this JVM has read them. */
    StringArray array() {
        return new StringArray(words.toArray(String[]::new), System.getProperty("sun.jnu.encoding"));
    }
}
