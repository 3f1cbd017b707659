package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.ProjectPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A project that is being developed: a copy of one of {@code applications/dev-loop}. Its application answers with a text
 * that contains {@code build 0.}, and then the number of the last save.
 *
 * @param source what is saved
 * @param content the source's first content
 */
public record DevProject(Path directory, Path source, String content) {

    /** Copies a template. */
    public static DevProject copy(String template, Path directory, String source) throws IOException {
        copy(template, directory);
        return of(directory, source);
    }

    /**
     * Makes a project of so many generated sources.
     *
     * @param source one of those of {@link GeneratedParts}
     */
    public static DevProject generate(int sources, Path directory, String source) throws IOException {
        copy("plain", directory);
        GeneratedParts.write(directory.resolve("src/main/java"), sources);
        return of(directory, source);
    }

    private static DevProject of(Path directory, String source) throws IOException {
        Path saved = directory.resolve(source);
        return new DevProject(directory, saved, Files.readString(saved));
    }

    private static void copy(String template, Path directory) throws IOException {
        Path from = ProjectPaths.application("dev-loop").resolve(template);
        PomVersions versions = PomVersions.read();
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = directory.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                String text = Files.readString(file);
                Files.writeString(to, file.endsWith("pom.xml") ? versions.fill(text) : text);
            }
        }
    }

    public Path pom() {
        return directory.resolve("pom.xml");
    }

    public Path classes() {
        return directory.resolve("target/classes");
    }

    /** Returns a part of the answer after a save. */
    public String text(int number) {
        return "build " + number + ".";
    }

    /** Saves the source as most editors do: another file is renamed over it. */
    public void save(int number) throws IOException {
        Path next = directory.resolveSibling("saved");
        Files.writeString(next, content.replace(text(0), text(number)));
        Files.move(next, source, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Does what {@code mvn clean} does. */
    public void clean() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path target : all.filter(file -> file.endsWith("target")).toList()) {
                delete(target);
            }
        }
    }

    private static void delete(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
