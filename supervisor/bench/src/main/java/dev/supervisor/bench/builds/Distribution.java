package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ProjectPaths;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that a build of the project makes, and the commands that start them. Paths are relative to the project. */
public final class Distribution {

    public static final Path SUPERVISOR = ProjectPaths.ROOT.resolve("supervisor/target/dist/bin/supervisor");

    /** Refers to all jars beside it, and so is the class path of plain Netty, too. */
    static final Path SUPERVISOR_JAR = ProjectPaths.ROOT.resolve("supervisor/target/dist/lib/supervisor.jar");

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

    /** Returns a command that runs the application without the supervisor, but with the same class path and logging. */
    public static List<String> plainNetty(String javaOptions, Path jar) {
        return java(javaOptions, SUPERVISOR_JAR + ":" + jar, "hello.Hello");
    }

    private static List<String> java(String options, String classPath, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Programs.ofJdk("java")));
        command.addAll(List.of(options.split(" +")));
        command.add("-Dlogback.configurationFile=supervisor-logback.xml");
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(arguments));
        return command;
    }
}
