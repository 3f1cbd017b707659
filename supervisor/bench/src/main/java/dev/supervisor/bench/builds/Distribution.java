package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ProjectPaths;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The files that a build of the project makes, and the commands that start them. Paths are relative to the project. */
public final class Distribution {

    private static final Path DIRECTORY = ProjectPaths.ROOT.resolve("supervisor/target/dist");

    public static final Path SUPERVISOR = DIRECTORY.resolve("bin/supervisor");

    /** Refers to all jars beside it, and so is the class path of plain Netty, too. */
    static final Path SUPERVISOR_JAR = DIRECTORY.resolve("lib/supervisor.jar");

    static final Path DEMO_JAR = ProjectPaths.ROOT.resolve("demo-app/target/demo-app.jar");
    static final Path DEMO_LIBRARIES = ProjectPaths.ROOT.resolve("demo-app/target/lib");

    private Distribution() {}

    /**
     * Returns a command that runs the supervisor: it listens on any port, and prints sockets, warnings and failures,
     * and events as JSON.
     */
    public static List<String> supervised(Path app, String... options) {
        List<String> command = new ArrayList<>(List.of(
                SUPERVISOR.toString(),
                "--port",
                "0",
                "--log",
                "plain",
                "--quiet",
                "--events",
                "json",
                "--app",
                app.toString()));
        command.addAll(List.of(options));
        return command;
    }

    /** Returns a command that runs the applications of a configuration file, and prints likewise. */
    public static List<String> configured(Path configuration) {
        return List.of(
                SUPERVISOR.toString(),
                "--config",
                configuration.toString(),
                "--log",
                "plain",
                "--quiet",
                "--events",
                "json");
    }

    /** Copies the distribution, puts OpenSSL to it as its documents say, and returns the script of the copy. */
    public static Path withOpenSsl(ScratchDirectory scratch) throws IOException {
        Path to = scratch.make("dist");
        try (var files = Files.walk(DIRECTORY)) {
            for (Path file : files.filter(path -> !path.equals(DIRECTORY)).toList()) {
                Files.copy(file, to.resolve(DIRECTORY.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        try (var files = Files.list(ProjectPaths.BENCH.resolve("target/openssl"))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("netty-tcnative-classes")) {
                    Files.copy(file, to.resolve("lib/netty-tcnative-classes.jar"));
                } else {
                    Files.copy(file, to.resolve("lib/netty-tcnative.jar"));
                }
            }
        }
        return to.resolve("bin/supervisor");
    }

    /** Returns a command that runs the application without the supervisor, but with the same class path and logging. */
    public static List<String> plainNetty(String javaOptions, Path jar) {
        return java(javaOptions, SUPERVISOR_JAR + ":" + jar, "hello.Hello");
    }

    private static List<String> java(String options, String classPath, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Programs.ofJdk("java")));
        command.addAll(List.of(options.split(" +")));
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(arguments));
        return command;
    }
}
