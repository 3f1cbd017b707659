package dev.supervisor.bench.builds;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The supervisor's libraries that the application needs on plain Netty: fewer jars to open at its start. */
public final class PlainClassPath {

    private static final List<String> MODULES = List.of(
            "netty-common",
            "netty-buffer",
            "netty-resolver",
            "netty-transport",
            "netty-transport-native-unix-common",
            "netty-transport-classes-epoll",
            "netty-transport-native-epoll",
            "netty-handler",
            "netty-codec-base",
            "netty-codec-compression",
            "netty-codec-http",
            "supervisor-spi");

    private static final String ARCHITECTURE = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";

    private final String libraries;

    public PlainClassPath() throws IOException {
        try (var files = Files.list(Distribution.SUPERVISOR_JAR.getParent())) {
            libraries = files.filter(PlainClassPath::isNeeded)
                    .sorted()
                    .map(file -> file.toAbsolutePath().toString())
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    private static boolean isNeeded(Path jar) {
        String name = jar.getFileName().toString();
        boolean isForeign = name.contains("-linux-") && !name.endsWith("-linux-" + ARCHITECTURE + ".jar");
        return !isForeign && MODULES.contains(name.replaceFirst("-\\d.*", ""));
    }

    public String libraries() {
        return libraries;
    }

    /**
     * Returns the class path with an application. The libraries come first, so that an archive of them is good for each
     * build.
     */
    public String with(Path application) {
        return libraries + File.pathSeparator + application;
    }
}
