package dev.supervisor.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A copy of a project of {@code src/test/projects}. */
record Sample(Path directory) {

    private static final Path PROJECTS = Path.of("src/test/projects");

    static Sample copy(String name, Path to) throws IOException {
        Path from = PROJECTS.resolve(name);
        Path directory = to.toRealPath().resolve(name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = directory.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return new Sample(directory);
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    void replace(String name, String before, String after) throws IOException {
        String text = Files.readString(file(name));
        if (!text.contains(before)) {
            throw new IllegalArgumentException("there is no '" + before + "' in " + name);
        }
        Files.writeString(file(name), text.replace(before, after));
    }
}
