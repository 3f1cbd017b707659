package dev.supervisor.maven;

import dev.supervisor.testing.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A machine with a JDK, Maven, and the tracked files of the repository in the directory {@code supervisor} of its user. */
interface Machine {

    /** Returns the machine in the root directory that {@code -Dnewcomer.root} names, otherwise this one. */
    static Machine of(Path temporary) throws Exception {
        String root = System.getProperty("newcomer.root", "");
        return root.isEmpty() ? new ThisMachine(temporary) : new OtherRoot(Path.of(root));
    }

    /** Returns where a file is that has this name for the user. */
    Path file(String name);

    /** Builds the repository by these commands, unless they have nothing to build here. */
    void build(String commands) throws Exception;

    /** Has done what README.md says below "Install". */
    void install() throws Exception;

    /**
     * Starts commands.
     *
     * @param where a directory below the user's
     */
    Command start(String where, String commands) throws Exception;

    /** Has Maven download what the project needs, if it has to be asked for that; skips the test if there is no network. */
    void fetch(String project) throws Exception;

    /** Skips the test if there is no Gradle. */
    void assumeGradle() throws Exception;

    default void run(String where, String commands) throws Exception {
        try (Command command = start(where, commands)) {
            int code = command.exitCode(Duration.ofMinutes(30)); // Maven may have all to download
            if (code != 0) {
                throw new AssertionError(commands + " ends with " + code + ": " + command.transcript());
            }
        }
    }

    default void write(String name, String text) throws IOException {
        Files.createDirectories(file(name).resolveSibling("."));
        Files.writeString(file(name), text);
    }
}
