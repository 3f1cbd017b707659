package dev.supervisor.bench.servers;

import java.nio.file.Path;
import java.util.List;

/**
 * A way to run the versioned application, and to replace it by its next build while it runs.
 *
 * @param name what it is in the table
 * @param home where all of it is, and what it prints
 * @param command runs it
 * @param reload the shell's command that puts the build {@code $RELOAD} in place, and says so where nobody watches
 */
public record Rival(String name, Path home, int port, List<String> command, String reload) {

    Path output() {
        return home.resolve("output");
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }
}
