package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.LeakSource;
import dev.supervisor.testing.LeakSource.Expected;
import dev.supervisor.testing.LeakSources;
import dev.supervisor.testing.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Applications that leave something behind, swapped many times: it is cleared, or its holder is named. */
@Timeout(120)
class LeaksIT {

    private static final int SWAPS = 30;

    @TempDir
    private Path directory;

    static Stream<LeakSource> sources() {
        return LeakSources.all().stream()
                .filter(source -> source.since() <= Runtime.version().feature());
    }

    @AfterEach
    void endThreads() {
        System.setProperty("leaks.end", "true");
    }

    @ParameterizedTest
    @MethodSource("sources")
    void everyGenerationIsProvedGoneOrItsHolderIsNamed(LeakSource source) throws Exception {
        System.clearProperty("leaks.end");
        Path jar = directory.resolve("app.jar");
        source.build().moveTo(jar);
        try (Running running = Running.http(
                jar,
                options -> options.verifyUnload(true)
                        .unloadTimeout(Duration.ZERO)
                        .stopTimeout(
                                source.expected() == Expected.NAMED ? Duration.ofMillis(20) : Duration.ofSeconds(30))
                        .maxGenerations(2 * SWAPS))) {
            running.awaitServing(1);
            for (int generation = 2; generation <= SWAPS + 1; generation++) {
                running.supervisor().swap();
                running.awaitServing(generation);
            }
            if (source.expected() == Expected.COLLECTED) {
                assertCollected(running, source);
            } else {
                assertNamed(running, source);
            }
        }
    }

    private static List<Integer> allButTheLastTwo() {
        return IntStream.rangeClosed(1, SWAPS - 1).boxed().toList();
    }

    private static void assertCollected(Running running, LeakSource source) throws InterruptedException {
        for (int generation : allButTheLastTwo()) {
            running.await(Event.Unloaded.class, event -> event.generation() == generation);
        }
        List<Event.LeftBehind> left = running.events(Event.LeftBehind.class);
        if (source.said().isEmpty()) {
            assertEquals(List.of(), left);
            return;
        }
        for (int generation : allButTheLastTwo()) {
            assertTrue(
                    left.stream()
                            .filter(event -> event.generation() == generation)
                            .flatMap(event -> event.left().stream())
                            .anyMatch(line -> line.matches(".*" + source.said().get() + ".*")),
                    () -> "generation " + generation + " in " + left);
        }
    }

    private static void assertNamed(Running running, LeakSource source) throws InterruptedException {
        for (int generation : allButTheLastTwo()) {
            Event.KeptAlive kept = running.await(Event.KeptAlive.class, event -> event.generation() == generation);
            assertTrue(
                    kept.holders().stream()
                            .anyMatch(line -> line.matches(".*" + source.said().get() + ".*")),
                    kept::text);
        }
    }
}
