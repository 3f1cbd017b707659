package dev.supervisor.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.Diagnostic;
import dev.supervisor.Diagnostic.Columns;
import dev.supervisor.Problem;
import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import dev.supervisor.build.Diagnostics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BuildProblemTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Problem problem(List<Diagnostic> diagnostics, String... roots) {
        ApplicationBuilder.Failed failed = new ApplicationBuilder.Failed(
                "mvn failed", diagnostics, List.of("BUILD FAILURE"), 0, Duration.ofSeconds(1));
        return BuildProblem.of(
                failed,
                new SourceFiles(
                        directory, Stream.of(roots).map(directory::resolve).toList()));
    }

    @Test
    void aDiagnosticBecomesAPlaceWithItsColumnInCharacters() throws Exception {
        Path file = Files.writeString(directory.resolve("A.java"), "class A {\n\tint x = 1\n}");
        Problem problem = problem(List.of(new Diagnostic(file, 2, 18, Columns.TABS_OF_8, "';' expected")));
        assertEquals("mvn failed", problem.summary());
        assertEquals(List.of("BUILD FAILURE"), problem.output());
        List<Line> excerpt =
                List.of(new Line(1, "class A {", false), new Line(2, "\tint x = 1", true), new Line(3, "}", false));
        assertEquals(List.of(new Place("A.java", file, 2, 11, "';' expected", excerpt)), problem.places());
    }

    @Test
    void whatJavacSaysOfAHostileFileLeadsToTheSpotInIt() throws Exception {
        Path file = directory.resolve("src/<img src=x> & 'A' $(B).java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "class A {\n\tString größer = \"\" + unknown;\r\n\n    int x = 1\n}\n");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        JavaCompiler javac = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        assertEquals(1, javac.run(null, said, said, "-encoding", "UTF-8", "-proc:none", file.toString()));
        List<String> output = said.toString(Charset.defaultCharset()).lines().toList();
        Place place = problem(Diagnostics.of(directory, output)).places().get(0);
        assertEquals(file, place.path());
        assertEquals(4, place.line());
        assertEquals(new Line(4, "    int x = 1", true), place.excerpt().get(3));
        assertEquals("    int x = 1".length() + 1, place.column(), "where the semicolon is missing");
        Files.writeString(file, Files.readString(file).replace("int x = 1", "int x = 1;"));
        said.reset();
        assertEquals(1, javac.run(null, said, said, "-encoding", "UTF-8", "-proc:none", file.toString()));
        output = said.toString(Charset.defaultCharset()).lines().toList();
        place = problem(Diagnostics.of(directory, output)).places().get(0);
        Line marked = place.excerpt().get(1);
        assertTrue(marked.text().substring(place.column() - 1).startsWith("unknown"), place::toString);
        assertTrue(place.message().startsWith("cannot find symbol\nsymbol: "), place.message());
    }

    private Path source(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "class A {}");
    }

    @Test
    void aFileThatIsNamedFromAnotherDirectoryIsLookedForBelowTheRoots() throws Exception {
        Path file = source("app/src/a/A.java");
        source("app/src/b/A.java");
        Place place = problem(Diagnostics.of(directory, List.of("src/a/A.java:1: error: no")), "app/src", "app")
                .places()
                .get(0);
        assertEquals(file, place.path());
        assertEquals("app/src/a/A.java", place.file());
        assertEquals(List.of(new Line(1, "class A {}", true)), place.excerpt());
    }

    @Test
    void ofTwoFilesThatMayBeMeantNeitherIsShown() throws Exception {
        source("app/src/A.java");
        source("lib/src/A.java");
        Place place = problem(Diagnostics.of(directory, List.of("src/A.java:1: error: no")), ".")
                .places()
                .get(0);
        assertEquals("src/A.java", place.file());
        assertEquals(List.of(), place.excerpt());
        source("src/A.java");
        place = problem(Diagnostics.of(directory, List.of("src/A.java:1: error: no")), ".")
                .places()
                .get(0);
        assertEquals(1, place.excerpt().size(), "this is the one that is named");
    }

    @Test
    void aFileThatIsGoneIsNamedAllTheSame() {
        Path file = directory.resolve("A.java");
        Problem problem = problem(List.of(new Diagnostic(file, 2, 18, "no")));
        assertEquals(List.of(new Place("A.java", file, 2, 18, "no", List.of())), problem.places());
    }
}
