package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.ProjectPaths;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** Builds of the versioned application. They are made in advance, and differ in one resource only: the number. */
public final class VersionedBuilds {

    private final CompiledClasses classes;
    private final int count;

    /** @param count the number of builds that replace the first one */
    public VersionedBuilds(ScratchDirectory scratch, int count) throws IOException {
        classes = CompiledClasses.compile(
                        scratch.make("versioned-classes"),
                        ProjectPaths.source("versioned/Versioned"),
                        ProjectPaths.source("versioned/Plain"))
                .provide("versioned.Versioned");
        this.count = count;
    }

    /**
     * Makes the jars.
     *
     * @param home the directory that gets {@code app.jar}, and {@code builds/1} and so on, which replace it
     */
    public void makeJars(Path home) throws IOException {
        makeJar(0, home.resolve("app.jar"));
        Files.createDirectories(home.resolve("builds"));
        for (int number = 1; number <= count; number++) {
            makeJar(number, home.resolve("builds/" + number));
        }
    }

    private void makeJar(int number, Path jar) throws IOException {
        classes.put("version.txt", text(number)).jar(jar);
    }

    /** Makes the resources without the classes: the first one in a directory of classes, and its replacements. */
    public void makeResources(Path home) throws IOException {
        makeResource(0, home.resolve("classes/version.txt"));
        Files.createDirectories(home.resolve("builds"));
        for (int number = 1; number <= count; number++) {
            makeResource(number, home.resolve("builds/" + number));
        }
    }

    /** Writes a resource. Each has another time of modification, by which DevTools sees a change. */
    private static void makeResource(int number, Path file) throws IOException {
        Files.writeString(file, text(number));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(number)));
    }

    private static String text(int number) {
        return "v" + number + "\n";
    }
}
