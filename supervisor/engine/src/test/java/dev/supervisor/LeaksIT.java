package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Await;
import dev.supervisor.testing.LeakSource;
import dev.supervisor.testing.LeakSource.Expected;
import dev.supervisor.testing.LeakSources;
import dev.supervisor.testing.LeakTable;
import dev.supervisor.testing.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Applications that leave something behind, swapped many times: it is cleared, or its holder is named. */
@Timeout(120)
class LeaksIT {

    private static final int SWAPS = 30;

    private static final LeakTable TABLE = new LeakTable();

    @TempDir
    private Path directory;

    static Stream<LeakSource> sources() {
        return LeakSources.all().stream()
                .filter(source -> source.since() <= Runtime.version().feature());
    }

    /** The next case has generations of the same numbers, and must not meet the threads of this one. */
    @AfterEach
    void endThreads() throws Exception {
        System.setProperty("leaks.end", "true");
        Await.until(
                "all threads that look for that have ended",
                () -> Thread.getAllStackTraces().values().stream()
                        .flatMap(Arrays::stream)
                        .noneMatch(LeaksIT::looksForTheEnd));
    }

    private static boolean looksForTheEnd(StackTraceElement frame) {
        return frame.getClassName().startsWith("app.Leaking")
                && (frame.getMethodName().equals("spin")
                        || frame.getMethodName().equals("block"));
    }

    /** The table is for readers of the command line's messages. */
    private static String onTheCommandLine(OptionKey option) {
        return "--" + option.key().replaceAll("(?=\\p{Lu})", "-").toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest
    @MethodSource("sources")
    void everyGenerationIsProvedGoneOrItsHolderIsNamed(LeakSource source) throws Exception {
        System.clearProperty("leaks.end");
        Path jar = directory.resolve("app.jar");
        source.build().moveTo(jar);
        try (Running running = Running.http(
                jar,
                options -> options.optionNames(LeaksIT::onTheCommandLine)
                        .unloadTimeout(Duration.ZERO)
                        .stopTimeout(
                                source.expected() == Expected.NAMED ? Duration.ofMillis(20) : Duration.ofSeconds(30))
                        .maxGenerations(2 * SWAPS))) {
            running.awaitServing(1);
            for (int generation = 2; generation <= SWAPS + 1; generation++) {
                running.supervisor().swap();
                running.awaitServing(generation);
            }
            String said = source.expected() == Expected.COLLECTED ? collected(running, source) : named(running, source);
            TABLE.add(source, said);
        }
    }

    /** The table in docs/leaks.md; written with {@code -Dleaks.write=true}. */
    @AfterAll
    static void theTableInTheDocumentationIsWhatHasBeenSeen() throws Exception {
        if (Boolean.getBoolean("leaks.write")) {
            TABLE.write();
        } else {
            TABLE.assertWritten();
        }
    }

    /** Collects for all generations at once at the end: a collection for each swap would be most of this test's time. */
    private static <E extends Event> E awaitCollecting(Running running, Class<E> type, Predicate<E> which)
            throws InterruptedException {
        return running.await(type, which, System::gc);
    }

    private static List<Integer> allButTheLastTwo() {
        return IntStream.rangeClosed(1, SWAPS - 1).boxed().toList();
    }

    /** Returns what is said of a generation. */
    private static String collected(Running running, LeakSource source) throws InterruptedException {
        for (int generation : allButTheLastTwo()) {
            awaitCollecting(running, Event.Unloaded.class, event -> event.generation() == generation);
        }
        List<Event.LeftBehind> left = running.events(Event.LeftBehind.class);
        if (source.said().isEmpty()) {
            assertEquals(List.of(), left);
            return "";
        }
        return allButTheLastTwo().stream()
                .map(generation -> line(source, linesOf(left, generation), left))
                .max(Comparator.comparingInt(String::length)) // what moves at that moment is not seen
                .orElseThrow();
    }

    private static List<String> linesOf(List<Event.LeftBehind> left, int generation) {
        return left.stream()
                .filter(event -> event.generation() == generation)
                .flatMap(event -> event.left().stream())
                .toList();
    }

    private static String named(Running running, LeakSource source) throws InterruptedException {
        String said = "";
        for (int generation : allButTheLastTwo()) {
            Event.KeptAlive kept =
                    awaitCollecting(running, Event.KeptAlive.class, event -> event.generation() == generation);
            said = line(source, kept.holders(), kept);
        }
        return said;
    }

    /** The one that is expected. */
    private static String line(LeakSource source, List<String> lines, Object otherwise) {
        return lines.stream()
                .filter(line -> line.matches(".*" + source.said().orElseThrow() + ".*"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(source + ": " + lines + " in " + otherwise));
    }
}
