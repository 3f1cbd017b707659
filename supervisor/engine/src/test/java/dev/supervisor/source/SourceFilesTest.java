package dev.supervisor.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Problem;
import dev.supervisor.Problem.Cause;
import dev.supervisor.Problem.Frame;
import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceFilesTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Path write(String path) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "package a;\n\nclass A {\n    int x = broken();\n}\n");
    }

    private SourceFiles sources(String... roots) {
        return new SourceFiles(
                directory.resolve("project"),
                List.of(roots).stream().map(directory::resolve).toList());
    }

    private static StackTraceElement call(String type, String file, int line) {
        return new StackTraceElement(type, "start", file, line);
    }

    private static Problem thrown(StackTraceElement... stack) {
        Exception exception = new Exception("no");
        exception.setStackTrace(stack);
        return Problem.of("failed", exception, frame -> frame.getClassName().startsWith("a."));
    }

    private static List<String> positions(Problem problem) {
        return problem.allPlaces().stream().map(Place::position).toList();
    }

    @Test
    void theSourceOfAnOwnFrameIsFoundBelowARoot() throws Exception {
        Path file = write("project/src/main/java/a/A.java");
        Problem located = sources("project/src")
                .locate(thrown(call("java.util.List", "List.java", 1), call("a.A$1", "A.java", 4)));
        assertEquals(List.of("src/main/java/a/A.java:4"), positions(located));
        Place place = located.allPlaces().get(0);
        assertEquals(file, place.path());
        assertTrue(place.excerpt().contains(new Line(4, "    int x = broken();", true)), place::toString);
        assertEquals("failed", located.summary());
    }

    @Test
    void aFileOfThatNameInAnotherPackageIsNotTakenForIt() throws Exception {
        write("project/src/b/A.java");
        write("project/src/aa/A.java");
        assertEquals(List.of(), positions(sources("project/src").locate(thrown(call("a.A", "A.java", 4)))));
    }

    @Test
    void severalRootsAreLookedThroughInTheirOrder() throws Exception {
        write("one/b/B.java");
        write("two/a/A.java");
        write("three/a/A.java");
        Problem located = sources("gone", "one", "two", "three").locate(thrown(call("a.A", "A.java", 4)));
        assertEquals(List.of(directory.resolve("two/a/A.java") + ":4"), positions(located));
    }

    @Test
    void hiddenDirectoriesAreLeftOutUnlessTheyAreTheRoot() throws Exception {
        write("src/.copies/a/A.java");
        Problem problem = thrown(call("a.A", "A.java", 4));
        assertEquals(List.of(), positions(sources("src").locate(problem)));
        assertEquals(1, sources("src/.copies").locate(problem).allPlaces().size());
    }

    @Test
    void ofADeepStackTheFirstFramesAreShown() throws Exception {
        write("src/a/A.java");
        Problem located = sources("src")
                .locate(thrown(
                        call("a.A", "A.java", 1),
                        call("b.B", "B.java", 1),
                        call("a.A", "A.java", 2),
                        call("a.A", "A.java", 3),
                        call("a.A", "A.java", 4)));
        assertEquals(3, located.allPlaces().size());
    }

    @Test
    void aStackMayNameWhatItLikes() throws Exception {
        write("secret.txt");
        Problem problem =
                thrown(call("a.A", "../../../secret.txt", 1), call("a.A", "\0", 1), call("a.A", "/etc/passwd", 1));
        assertEquals(List.of(), positions(sources("src").locate(problem)));
    }

    @Test
    void aProblemWithoutOwnFramesStaysAsItIs() {
        Problem problem = new Problem("no", List.of(new Cause("e", List.of(new Frame("at b.B", false)))));
        assertEquals(problem, sources("src").locate(problem));
    }

    @Test
    void onlySourcesAreRead() throws Exception {
        Path generated = write("project/target/generated-sources/a/A.java");
        Path root = write("elsewhere/src/a/A.java");
        Path other = write("elsewhere/A.java");
        SourceFiles sources = sources("elsewhere/src");
        assertEquals(6, sources.excerpt(generated, 4).size());
        assertEquals(6, sources.excerpt(root, 4).size());
        assertEquals(List.of(), sources.excerpt(other, 4));
        assertEquals(List.of(), sources.excerpt(directory.resolve("elsewhere/src/../A.java"), 4));
        assertEquals("target/generated-sources/a/A.java", sources.shown(generated));
        assertEquals(other.toString(), sources.shown(other));
    }
}
