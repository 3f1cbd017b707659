package dev.supervisor.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Document;
import dev.supervisor.testing.SameOnEveryJdk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The project of docs/embedding.md: it has the dependencies that are written there, and serves. */
@SameOnEveryJdk
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the documents have lines for a POSIX shell")
final class EmbeddingDocumentIT {

    private static final Document DOCUMENT = Document.read("docs/embedding.md");

    private static final String PLUGIN =
            "org.apache.maven.plugins:maven-dependency-plugin:" + System.getProperty("it.dependency-plugin");

    private static final String POM = """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>com.acme</groupId>
              <artifactId>embedder</artifactId>
              <version>1</version>
              <properties>
                <maven.compiler.source>17</maven.compiler.source>
                <maven.compiler.target>17</maven.compiler.target>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <dependencies>
                DEPENDENCY
              </dependencies>
            </project>
            """;

    @TempDir
    private Path temporary;

    @BeforeEach
    void assumeMaven() {
        RunMojoIT.assumeMaven();
    }

    @Test
    void theProjectHasTheseDependenciesAndServes() throws Exception {
        ThisMachine machine = new ThisMachine(temporary);
        machine.write(
                "embedder/pom.xml",
                POM.replace("DEPENDENCY", DOCUMENT.block("<dependency>").text()));
        machine.write(
                "embedder/src/main/java/Embedder.java",
                DOCUMENT.block("import dev.supervisor.Event").text());
        Apps.http("v1").moveTo(machine.file("embedder/build/libs/app.jar"));
        try (Command maven = machine.start("embedder", "mvn " + PLUGIN + ":tree | sed -n 's/^\\[INFO\\] //p'")) {
            assertEquals(0, maven.exitCode());
            List<String> tree = maven.transcript()
                    .lines()
                    .dropWhile(line -> !line.startsWith("com.acme:embedder"))
                    .takeWhile(line -> line.contains(":"))
                    .toList();
            assertEquals(DOCUMENT.block("com.acme:embedder").text().lines().toList(), tree);
        }
        machine.write("embedder/opens.txt", DOCUMENT.block("--add-opens").text());
        String run = """
                mvn -q compile PLUGIN:build-classpath -Dmdep.outputFile=classpath
                exec java @opens.txt -cp "target/classes:$(cat classpath)" Embedder
                """.replace("PLUGIN", PLUGIN);
        try (Command embedder = machine.start("embedder", run)) {
            embedder.await("listening on .*");
            embedder.await("generation 1 serves");
        }
    }
}
