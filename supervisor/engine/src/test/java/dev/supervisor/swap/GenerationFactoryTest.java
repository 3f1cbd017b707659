package dev.supervisor.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.BuiltFiles;
import dev.supervisor.Problem;
import dev.supervisor.generation.Build;
import dev.supervisor.generation.Generation;
import dev.supervisor.generation.Snapshot;
import dev.supervisor.generation.SnapshotStore;
import dev.supervisor.socket.ChangeBarrier;
import dev.supervisor.socket.Server;
import dev.supervisor.socket.Sockets;
import dev.supervisor.socket.netty.PipelineCustomizer;
import dev.supervisor.source.SourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class GenerationFactoryTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private int collections;
    private final GenerationRegistry registry =
            new GenerationRegistry(3, Duration.ZERO, () -> collections++, (oldest, generations) -> {});

    /** Starts nothing. */
    private GenerationFactory job(SnapshotStore store, Path app) {
        return job(ApplicationBuilder.none(), store, app);
    }

    private GenerationFactory job(ApplicationBuilder builder, SnapshotStore store, Path app) {
        return new GenerationFactory(
                builder,
                new SourceFiles(directory, List.of()),
                store,
                new Build(app, List.of()),
                new Generation.Settings(
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        false,
                        List.of(),
                        Duration.ZERO,
                        Duration.ZERO,
                        number -> PipelineCustomizer.none()),
                Sockets.of(List.of()),
                registry,
                new Generation.Observer() {
                    @Override
                    public void serving(Server server) {}

                    @Override
                    public ChangeBarrier barrier() {
                        return ChangeBarrier.NONE;
                    }

                    @Override
                    public void exited(int generation, Problem problem) {}
                },
                new GenerationFactory.Turns() {
                    @Override
                    public CompletableFuture<@Nullable Void> end(Generation generation) {
                        return CompletableFuture.completedFuture(null);
                    }

                    @Override
                    public CompletableFuture<@Nullable Void> makeWay() {
                        return CompletableFuture.completedFuture(null);
                    }
                });
    }

    private void ended(int generation) {
        registry.born(generation, new GenerationRegistry.Facts("app.jar", Optional::empty, () -> 0, () -> 0, List::of));
        registry.ended(generation);
    }

    /** There is no room for copies then. */
    private static void putAFileInPlaceOf(Path directory) throws IOException {
        Files.move(directory, directory.resolveSibling("moved"));
        Files.createFile(directory);
    }

    /** Each attempt may leave a generation that has ended. */
    @Test
    void attemptsThatFollowOneAnotherForWantOfSomethingCollectOnlyOnce() throws Exception {
        Path work = directory.resolve("work");
        Path app = Files.createDirectory(directory.resolve("classes"));
        try (SnapshotStore store = SnapshotStore.create(Optional.of(work), Duration.ZERO)) {
            putAFileInPlaceOf(work);
            GenerationFactory job = job(store, app);
            ended(1);
            assertInstanceOf(GenerationFactory.Lacking.class, job.run(Optional::empty));
            assertEquals(0, collections);
            assertInstanceOf(GenerationFactory.Lacking.class, job.runAgain(Optional::empty));
            assertEquals(3, collections);
            ended(2);
            assertInstanceOf(GenerationFactory.Lacking.class, job.runAgain(Optional::empty));
            assertEquals(3, collections);
            job.run(Optional::empty);
            job.runAgain(Optional::empty);
            assertEquals(6, collections, "after another build");
        }
    }

    /** Gives what it is told to. */
    private static final class Scripted implements ApplicationBuilder {

        private final Deque<Outcome> outcomes = new ArrayDeque<>();

        @Override
        public Outcome build(Runnable fixed) {
            fixed.run();
            return outcomes.remove();
        }

        @Override
        public void changed(Path source) {}

        @Override
        public void kill() {}
    }

    private static ApplicationBuilder.Outcome built(Path app, Path... libraries) {
        return new ApplicationBuilder.Built(
                Duration.ZERO,
                0,
                Optional.of(new BuiltFiles(Map.of(), Optional.of(new BuiltFiles.ClassPath(app, List.of(libraries))))));
    }

    @Test
    void theClassPathThatABuilderTellsIsThatOfTheNextBuilds() throws Exception {
        Path app = Files.createDirectory(directory.resolve("classes"));
        Path other = Files.createDirectory(directory.resolve("other"));
        Path library = Files.createDirectory(directory.resolve("library"));
        Path work = directory.resolve("work");
        try (SnapshotStore store = SnapshotStore.create(Optional.of(work), Duration.ZERO)) {
            putAFileInPlaceOf(work); // to look at the class path is enough
            Scripted builder = new Scripted();
            GenerationFactory job = job(builder, store, app);
            builder.outcomes.addAll(List.of(
                    new ApplicationBuilder.Built(Duration.ZERO),
                    built(other, library),
                    new ApplicationBuilder.NotNeeded(),
                    new ApplicationBuilder.Built(Duration.ZERO)));
            job.run(Optional::empty);
            assertEquals(Set.of(app), job.sources());
            for (int i = 0; i < 3; i++) {
                job.run(Optional::empty);
                assertEquals(Set.of(other, library), job.sources());
            }
            job.runAgain(Optional::empty);
            assertEquals(Set.of(other, library), job.sources());
        }
    }

    /** To compare with the content of the live build means not to copy anew. */
    @Test
    void whatABuilderTellsIsNotLookedAt() throws Exception {
        Path app = Files.createDirectory(directory.resolve("classes"));
        Files.writeString(app.resolve("a.txt"), "one");
        try (SnapshotStore store = SnapshotStore.create(Optional.empty(), Duration.ZERO)) {
            Snapshot live = store.take(new Build(app, List.of()), false);
            Scripted builder = new Scripted();
            GenerationFactory job = job(builder, store, app);
            builder.outcomes.addAll(List.of(
                    new ApplicationBuilder.Built(
                            Duration.ZERO, 0, Optional.of(new BuiltFiles(Map.of(app, BuiltFiles.Changes.none())))),
                    new ApplicationBuilder.Built(Duration.ZERO)));
            Files.writeString(app.resolve("a.txt"), "behind its back");
            assertInstanceOf(GenerationFactory.Unchanged.class, job.run(() -> Optional.of(live)));
            assertInstanceOf(GenerationFactory.Failed.class, job.run(() -> Optional.of(live)), "it is no application");
        }
    }
}
