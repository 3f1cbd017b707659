package dev.supervisor.bench.builds;

import dev.supervisor.bench.tools.ProjectPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Maven of the version that the tests use, so that the one that is installed, which may be too old, does not count. */
public record MavenHome(Path directory) {

    /** Unpacks it if it is not there yet; the installed one fetches it. */
    public static MavenHome unpack() throws IOException, InterruptedException {
        String version = PomVersions.read().of("maven3.version");
        Path mavens = ProjectPaths.BENCH.resolve("target/mavens").toAbsolutePath();
        MavenHome home = new MavenHome(mavens.resolve("apache-maven-" + version));
        if (!Files.exists(home.program())) {
            Maven.run(
                    ProjectPaths.BENCH.resolve("pom.xml"),
                    "dependency:unpack",
                    "-Dartifact=org.apache.maven:apache-maven:" + version + ":zip:bin",
                    "-DoutputDirectory=" + mavens);
        }
        return home;
    }

    private Path program() {
        return directory.resolve("bin/mvn");
    }

    /** Returns the command that runs goals of a project. */
    public List<String> command(Path pom, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program().toString(), "-B", "-f", pom.toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
