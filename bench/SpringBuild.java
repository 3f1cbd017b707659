package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The application on Spring Boot, as Maven has built it. */
final class SpringBuild {

    private static final Path PROJECT = Path.of("bench/spring");

    private SpringBuild() {}

    static SpringBuild make() throws IOException, InterruptedException {
        List<String> command = List.of("mvn", "-B", "-q", "-f", PROJECT.resolve("pom.xml").toString(), "package");
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException(PROJECT + " can't be built");
        }
        return new SpringBuild();
    }

    void copyClasses(Path to) throws IOException {
        Path from = PROJECT.resolve("target/classes");
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    /** As {@code spring-boot:run} does: without the optimizing compiler. */
    List<String> command(String java, Path classes, int port) {
        return List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes + ":" + PROJECT.resolve("target/dependency").toAbsolutePath() + "/*",
                "bench.spring.Versioned",
                "--server.address=127.0.0.1",
                "--server.port=" + port);
    }
}
