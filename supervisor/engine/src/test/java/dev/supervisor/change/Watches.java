package dev.supervisor.change;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many directories this process watches, as Linux counts them against its limit. */
final class Watches {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fdinfo");

    private Watches() {}

    static long count() throws IOException {
        long count = 0;
        try (var descriptors = Files.list(DESCRIPTORS)) {
            for (Path descriptor : descriptors.toList()) {
                count += watchesOf(descriptor);
            }
        }
        return count;
    }

    private static long watchesOf(Path descriptor) {
        try (var lines = Files.lines(descriptor)) {
            return lines.filter(line -> line.startsWith("inotify wd:")).count();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0; // closed meanwhile
        }
    }
}
