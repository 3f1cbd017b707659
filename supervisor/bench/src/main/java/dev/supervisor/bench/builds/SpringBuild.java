package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ProjectPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The application on Spring Boot with DevTools, built by Maven. */
public final class SpringBuild {

    private static final Path PROJECT = ProjectPaths.application("spring");

    private SpringBuild() {}

    /**
     * Builds the application, and returns the command that runs a copy of its classes as {@code spring-boot:run} would.
     */
    public static List<String> make(Path classes, int port) throws IOException, InterruptedException {
        Maven.run(PROJECT.resolve("pom.xml"), "package");
        copy(PROJECT.resolve("target/classes"), classes);
        return List.of(
                Programs.ofJdk("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes + ":" + PROJECT.resolve("target/dependency").toAbsolutePath() + "/*",
                "spring.SpringVersioned",
                "--server.address=127.0.0.1",
                "--server.port=" + port);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
