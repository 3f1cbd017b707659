package dev.supervisor.bench.builds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The projects that are saved in the benchmark of the dev loop. */
final class DevProjectTest {

    @TempDir
    private Path directory;

    @Test
    void aGeneratedProjectHasThatManySourcesAndCompiles() throws IOException {
        DevProject project = DevProject.generate(100, directory.resolve("project"), GeneratedParts.BODY);
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", directory + "/classes"));
        try (Stream<Path> sources = Files.walk(project.directory())) {
            sources.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
        }
        assertEquals(100, arguments.size() - 5);
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0])));
    }

    @Test
    void aConstantIsUsedByFourSources() throws IOException {
        DevProject project = DevProject.generate(100, directory.resolve("project"), GeneratedParts.CONSTANT);
        try (Stream<Path> sources = Files.walk(project.directory())) {
            assertEquals(
                    4,
                    sources.filter(Files::isRegularFile)
                            .filter(source -> contains(source, "Label.TEXT"))
                            .count());
        }
    }

    private static boolean contains(Path source, String text) {
        try {
            return Files.readString(source).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aSaveReplacesTheSource() throws IOException {
        DevProject project = DevProject.generate(100, directory.resolve("project"), GeneratedParts.BODY);
        project.save(1);
        project.save(2);
        assertTrue(Files.readString(project.source()).contains(project.text(2)));
        assertFalse(Files.readString(project.source()).contains(project.text(0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "lombok", "kotlin", "quarkus", "spring"})
    void theVersionsAreFilledIn(String template) throws IOException {
        DevProject project = DevProject.copy(template, directory.resolve("project"), "pom.xml");
        assertFalse(project.content().contains("@"), project::content);
    }
}
