package dev.supervisor.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.Watcher;
import dev.supervisor.failure.FailureLoop;
import dev.supervisor.generation.Build;
import dev.supervisor.generation.Generation;
import dev.supervisor.generation.SnapshotStore;
import dev.supervisor.socket.Sockets;
import dev.supervisor.socket.netty.PipelineCustomizer;
import dev.supervisor.source.SourceFiles;
import dev.supervisor.testing.TestBuild;
import dev.supervisor.unload.Unload;
import dev.supervisor.unload.places.SharedPlaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loop with all that it works with, but for sockets. */
@Timeout(60)
final class SwapLoopTest {

    private static final Logger LOG = LoggerFactory.getLogger(SwapLoopTest.class);

    /** Appends a line to the file that is its argument when it starts, and when it is closed. */
    private static final String NOTING = """
            package app;

            import dev.supervisor.spi.*;
            import java.nio.file.*;

            public class Noting implements Application {
                private Path file;

                public void start(ApplicationContext context) throws Exception {
                    file = Path.of(context.arguments().get(0));
                    note("started");
                }

                public void close() throws Exception {
                    note("closed");
                }

                private void note(String what) throws Exception {
                    Files.writeString(file, what + "\\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
            }
            """;

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final CountDownLatch starting = new CountDownLatch(1);
    private final CountDownLatch cleared = new CountDownLatch(1);
    private final FailureLoop failureLoop = FailureLoop.start();
    private final GenerationRegistry registry =
            new GenerationRegistry(3, Duration.ZERO, () -> {}, (oldest, generations) -> {});
    private final Unload unload = new Unload(
            new Unload.Settings(LONG, false),
            new SharedPlaces(LONG),
            (generation, id) -> Optional.of(List.of()),
            new Unload.Observer() {
                @Override
                public void unloaded(int generation, Duration after) {}

                @Override
                public void keptAlive(int generation, Duration after, List<String> holders) {}
            });

    @SuppressWarnings("NullAway.Init")
    private SnapshotStore store;

    @BeforeEach
    void create() throws Exception {
        store = SnapshotStore.create(Optional.of(Files.createDirectory(directory.resolve("copies"))), Duration.ZERO);
        TestBuild.of(NOTING).withProvider("app.Noting").moveTo(app());
    }

    @AfterEach
    void close() {
        unload.close();
        failureLoop.close();
        store.close();
    }

    private Path app() {
        return directory.resolve("app.jar");
    }

    private Path notes() {
        return directory.resolve("notes");
    }

    /** An application that starts only when the supervisor has stopped, and knows nothing of that. */
    private final class StartsTooLate implements GenerationFactory.Turns {

        private final GenerationFactory.Turns turns;

        StartsTooLate(GenerationFactory.Turns turns) {
            this.turns = turns;
        }

        @Override
        public CompletableFuture<@Nullable Void> end(Generation generation) {
            return turns.end(generation);
        }

        @Override
        public CompletableFuture<@Nullable Void> makeWay() {
            starting.countDown();
            while (true) {
                try {
                    assertTrue(cleared.await(LONG.toSeconds(), TimeUnit.SECONDS));
                    return turns.makeWay();
                } catch (InterruptedException e) {
                    LOG.debug("an application may lose it, too", e);
                }
            }
        }
    }

    private final class Parts implements SwapLoop.Parts {

        @Override
        public GenerationFactory job(Generation.Observer observer, GenerationFactory.Turns turns) {
            return new GenerationFactory(
                    ApplicationBuilder.none(),
                    new SourceFiles(directory, List.of()),
                    store,
                    new Build(app(), List.of()),
                    new Generation.Settings(
                            Optional.empty(),
                            Optional.empty(),
                            false,
                            false,
                            List.of(notes().toString()),
                            LONG,
                            LONG,
                            number -> PipelineCustomizer.none()),
                    Sockets.of(List.of()),
                    registry,
                    observer,
                    new StartsTooLate(turns));
        }

        /** The last thing that a loop does before it waits for what it has begun. */
        @Override
        public Watcher watcher(Watcher.Observer observer) {
            return new Watcher() {
                @Override
                public void watch(Collection<Path> targets) {}

                @Override
                public void close() {
                    cleared.countDown();
                }
            };
        }
    }

    @Test
    void aGenerationThatHasStartedWhileTheSupervisorStoppedIsEnded() throws Exception {
        SwapLoop loop = new SwapLoop(
                SupervisorOptions.builder(app()).port(0).build(),
                Sockets.of(List.of()),
                registry,
                unload,
                event -> {},
                failureLoop,
                failureLoop,
                new Parts());
        loop.start();
        assertTrue(starting.await(LONG.toSeconds(), TimeUnit.SECONDS));
        loop.stop();
        assertEquals(List.of("started", "closed"), Files.readAllLines(notes()));
    }
}
