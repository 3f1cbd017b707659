package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Event;
import dev.supervisor.Event.Failed.Next;
import dev.supervisor.Problem;
import dev.supervisor.Problem.Place;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The transcript on a terminal. */
final class BuildStatusTest {

    private static final String CLEAR = "\r\u001b[K";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final StatusLine line = new StatusLine(terminal, () -> 80, () -> true);
    private final AtomicLong now = new AtomicLong(TimeUnit.SECONDS.toNanos(7));
    private final BuildStatus status = new BuildStatus(line, now::get, " (press b for all)");
    private final Transcript transcript = new Transcript(
            Runnable::run,
            line.above(terminal, StandardCharsets.UTF_8),
            status,
            new Transcript.Look(LineFormat.terminal(ZoneOffset.UTC), Labels.NONE, false, false, false),
            InstantSource.system());

    @AfterEach
    void close() {
        status.close();
    }

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    /** What somebody sees in the end. */
    private List<String> seen() {
        return Stream.of(shown().split("\n"))
                .map(text -> text.substring(text.lastIndexOf(CLEAR) < 0 ? 0 : text.lastIndexOf(CLEAR) + CLEAR.length()))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private void build(String... output) {
        transcript.print(Optional.empty(), new Event.Building("make"));
        for (String each : output) {
            transcript.print(Optional.empty(), new Event.BuildOutput(each));
        }
    }

    @Test
    void aBuildIsOneLineThatChanges() {
        build("one", "two");
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(2345));
        status.draw();
        assertTrue(shown().endsWith(CLEAR + "building 2.3 s  two"), this::shown);
        transcript.print(Optional.empty(), new Event.Built(Duration.ofSeconds(3), 0));
        assertEquals(List.of("built in 3.0 s"), seen());
    }

    @Test
    void testsAreInTheStatusLineUntilTheirResultIsPrinted() {
        transcript.print(Optional.empty(), new Event.Testing(3));
        assertTrue(shown().endsWith(CLEAR + "testing 3 classes"), this::shown);
        transcript.print(Optional.empty(), new Event.Tested(3, 12, 0, 0, Duration.ofMillis(412), List.of()));
        assertEquals(List.of("12 tests of 3 classes passed in 0.4 s"), seen());
    }

    @Test
    void whatABuildSaysMovesNoCursor() {
        build("\u001b[2J\u001b[1;31mred\u001b[0m\ta\rb", "  ");
        status.draw();
        assertTrue(shown().endsWith("building 0.0 s  red a\ufffdb"), this::shown);
    }

    @Test
    void whenEventsWereLostTheEndOfTheBuildMayBeAmongThem() {
        build("one");
        status.draw();
        transcript.printDropped(3);
        status.draw();
        assertEquals(List.of("... 3 lines were dropped here: nobody read them"), seen());
    }

    @Test
    void otherLinesStandAboveIt() {
        build("one");
        status.draw();
        transcript.print(Optional.empty(), new Event.Changed(Path.of("src/A.java")));
        status.draw();
        assertTrue(shown().contains(CLEAR + "changed: src/A.java\n"), this::shown);
        assertTrue(shown().endsWith("building 0.0 s  one"), this::shown);
    }

    @Test
    void whenNothingIsBuiltItIsGoneForGood() {
        build("one");
        transcript.print(Optional.empty(), new Event.Stopping(Duration.ZERO, Duration.ofSeconds(1)));
        int length = shown().length();
        status.draw();
        assertEquals(length, shown().length());
        status.close();
        assertEquals(1, seen().size(), this::shown);
    }

    @Test
    void ofABuildThatFailsThePlacesArePrinted() {
        Place place = new Place("A.java", Path.of("/A.java"), 3, 0, "no such thing", List.of());
        build("noise");
        transcript.print(
                Optional.empty(),
                new Event.Failed(
                        new Problem("make failed", List.of(place), List.of(), List.of("noise")), Next.OLD_SERVES));
        assertEquals(
                List.of("make failed", "  A.java:3: no such thing", "  the generation before keeps serving"), seen());
    }

    @Test
    void ifTheyAreNotKnownTheLastLinesArePrinted() {
        List<String> output =
                IntStream.rangeClosed(1, 40).mapToObj(Integer::toString).toList();
        build();
        transcript.print(
                Optional.empty(),
                new Event.Failed(new Problem("make failed", List.of(), List.of(), output), Next.WAITING));
        List<String> seen = seen();
        assertEquals("make failed", seen.get(0));
        assertEquals("  ... 10 lines before these (press b for all)", seen.get(1));
        assertEquals("  11", seen.get(2));
        assertEquals("  40", seen.get(31));
        assertEquals("  waiting for the next build", seen.get(32));
        assertEquals(33, seen.size());
    }

    @Test
    void thoseThatAreNotKeptAreCountedAmongTheOthers() {
        List<String> output =
                IntStream.rangeClosed(1, 40).mapToObj(Integer::toString).toList();
        build();
        transcript.print(
                Optional.empty(),
                new Event.Failed(new Problem("make failed", List.of(), List.of(), output, 1000), Next.WAITING));
        assertEquals("  ... 1009 lines before these (press b for all)", seen().get(1));
    }

    @Test
    void aStartThatFailsIsPrintedAsElsewhere() {
        Event failed = new Event.Failed(
                new Problem("app.jar failed", List.of(new Problem.Cause("no database", List.of()))), Next.WAITING);
        transcript.print(Optional.empty(), failed);
        assertEquals(EventText.of(failed).lines().toList(), seen());
        assertFalse(EventText.of(failed).isEmpty());
    }
}
