package dev.supervisor.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Runs commands of the documents as they stand there, in a directory that they take for the machine: {@code supervisor} is
 * on the PATH, the home directory and absolute places are below it, and each port stands for one that is free.
 */
public final class DocumentShell {

    private static final Pattern PORT =
            Pattern.compile("(?<![\\w.])(?:80|443|1883|5005|5353|80\\d\\d|8443|88\\d\\d|9000|9901)(?![\\w.])");
    private static final Pattern PLACE = Pattern.compile("(?<![\\w./}~-])/(?=(?:run|srv|etc|opt|usr/local)/)");

    private final Path directory;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();

    /** @param directory exists, and is empty */
    public DocumentShell(Path directory) throws IOException {
        this.directory = directory.toRealPath();
        Path bin = Files.createDirectories(this.directory.resolve("usr/local/bin"));
        for (String place : List.of("run/user", "srv", "etc", "opt")) {
            Files.createDirectories(this.directory.resolve(place));
        }
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put(
                "PATH",
                String.join(
                        ":",
                        bin.toString(),
                        Command.SCRIPT.resolveSibling("").toString(),
                        System.getProperty("java.home") + "/bin",
                        System.getenv("PATH")));
        environment.put("HOME", this.directory.toString());
        environment.put("XDG_DATA_HOME", this.directory + "/.local/share"); // the JVM does not ask for HOME
        environment.put("XDG_RUNTIME_DIR", this.directory + "/run/user"); // other supervisors are not seen
    }

    public DocumentShell with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Returns the place of a file, which is relative to the directory or an absolute one of a document. */
    public Path file(String name) {
        return directory.resolve(name.startsWith("/") ? name.substring(1) : name);
    }

    public void write(String name, String text) throws IOException {
        Files.createDirectories(file(name).resolveSibling("."));
        Files.writeString(file(name), here(text));
    }

    /** Makes a program that is on the PATH before all others. */
    public void program(String name, String script) throws IOException {
        Path file = file("usr/local/bin/" + name);
        Files.writeString(file, "#!/bin/sh\n" + script);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("can't make " + file + " executable");
        }
    }

    /** Returns where the port of a document is. */
    public InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(free(String.valueOf(port))));
    }

    private String free(String port) {
        return String.valueOf(ports.computeIfAbsent(port, documented -> {
            try {
                return FreePort.find();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }));
    }

    /** Returns the text with the ports and the places of here. */
    public String here(String text) {
        return PLACE.matcher(PORT.matcher(text).replaceAll(port -> free(port.group())))
                .replaceAll(directory + "/");
    }

    /** Starts commands. */
    public Command start(String commands) throws IOException {
        return startIn(directory, commands);
    }

    /** Starts commands in a directory below this one. */
    public Command startIn(Path where, String commands) throws IOException {
        return Command.start(where, environment, List.of("sh", "-ec", here(commands)));
    }

    /** Runs commands, which must be successful, and returns what they print. */
    public String run(String commands) throws IOException, InterruptedException {
        try (Command command = start(commands)) {
            int code = command.exitCode();
            assertEquals(0, code, () -> here(commands) + command.transcript());
            return command.transcript();
        }
    }
}
