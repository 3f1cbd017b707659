package dev.supervisor.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Problem.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class ExcerptTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("A.java"), text);
    }

    private static String lines(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "line " + i).collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    void theLineHasTenAroundItAndIsMarked() throws Exception {
        List<Line> lines = Excerpt.of(file(lines(100)), 50);
        assertEquals(
                IntStream.rangeClosed(45, 55)
                        .mapToObj(i -> new Line(i, "line " + i, i == 50))
                        .toList(),
                lines);
    }

    @Test
    void atTheEndsThereAreFewer() throws Exception {
        Path file = file(lines(100));
        assertEquals(6, Excerpt.of(file, 1).size());
        assertEquals(1, Excerpt.of(file, 1).get(0).number());
        assertEquals(7, Excerpt.of(file, 100).size(), "what comes after the last line feed counts, as for javac");
        assertEquals(List.of(new Line(1, "", true)), Excerpt.of(file(""), 1));
    }

    @Test
    void aLineThatIsNotThereHasNone() throws Exception {
        Path file = file(lines(10));
        assertEquals(List.of(), Excerpt.of(file, 0));
        assertEquals(List.of(), Excerpt.of(file, 12));
        assertEquals(List.of(), Excerpt.of(file, Integer.MAX_VALUE));
    }

    @Test
    void linesEndAsTheyDoForCompilers() throws Exception {
        assertEquals(
                List.of("a", "b", "", "c"),
                Excerpt.of(file("a\r\nb\r\rc"), 2).stream().map(Line::text).toList());
    }

    @Test
    void whatIsNoUtf8IsReadAllTheSame() throws Exception {
        Path file = file("");
        Files.write(file, "// größer\nint x".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("// größer", Excerpt.of(file, 1).get(0).text());
    }

    @Test
    void aLongLineIsCutOff() throws Exception {
        String text = Excerpt.of(file("x".repeat(100_000)), 1).get(0).text();
        assertTrue(text.length() < 1000 && text.endsWith("..."), text);
    }

    @Test
    void whatIsNoTextOfTheUsualSizeHasNone() throws Exception {
        assertEquals(List.of(), Excerpt.of(file("a\0b"), 1));
        assertEquals(List.of(), Excerpt.of(file("a\n".repeat(5 << 20)), 1));
        assertEquals(List.of(), Excerpt.of(directory, 1));
        assertEquals(List.of(), Excerpt.of(directory.resolve("gone.java"), 1));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aPipeIsNotWaitedFor() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertEquals(List.of(), Excerpt.of(pipe, 1));
    }
}
