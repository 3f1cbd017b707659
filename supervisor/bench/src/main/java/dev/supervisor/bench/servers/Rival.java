package dev.supervisor.bench.servers;

import java.nio.file.Path;
import java.util.List;

/**
 * A way to run the versioned application, and to replace it by its next build while it runs.
 *
 * @param name the name in tables
 * @param home the directory of all its files, with its output
 * @param command runs it
 * @param reload a shell command that puts the build {@code $RELOAD} in place, and signals that unless the rival watches
 */
public record Rival(String name, Path home, int port, List<String> command, String reload) {

    Path output() {
        return home.resolve("output");
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }
}
