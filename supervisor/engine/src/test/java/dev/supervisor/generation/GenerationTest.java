package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Problem;
import dev.supervisor.generation.Applications.Good;
import dev.supervisor.socket.ChangeBarrier;
import dev.supervisor.socket.Server;
import dev.supervisor.socket.Sockets;
import dev.supervisor.socket.netty.PipelineCustomizer;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Descriptors;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class GenerationTest {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @TempDir
    private Path directory;

    private static final class Unheard implements Generation.Observer {
        @Override
        public void serving(Server server) {}

        @Override
        public ChangeBarrier barrier() {
            return ChangeBarrier.NONE;
        }

        @Override
        public void exited(int generation, Problem problem) {}
    }

    private static PipelineCustomizer fails(int generation) {
        throw new IllegalStateException("there is nothing for generation " + generation);
    }

    @Test
    void aGenerationThatCantBeLoadedLeavesNothingOpen() throws Exception {
        Path app = Jars.jar().with("a.txt", "a").writeTo(directory.resolve("app.jar"));
        SnapshotStore store = SnapshotStore.create(
                Optional.of(Files.createDirectory(directory.resolve("copies"))), Duration.ofMillis(1));
        Generation.Settings settings = new Generation.Settings(
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                List.of(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                GenerationTest::fails);
        Descriptors before = Descriptors.now();
        Snapshot snapshot = store.take(new Build(app, List.of()), false);
        Path copy = snapshot.roots().get(0);
        LoadException e = assertThrows(
                LoadException.class, () -> Generation.load(7, snapshot, new AppModules(), settings, new Unheard()));
        assertEquals(
                "can't load app.jar: there is nothing for generation 7",
                e.problem().summary());
        assertFalse(isOpen(copy));
        assertFalse(Files.exists(copy));
        before.awaitAgain(); // selectors of event loops
        store.close();
    }

    /** As the supervisor does before its first generation. */
    @BeforeAll
    static void warmUp() {
        Warmup.run();
    }

    private static List<String> threadsOf(Generation generation) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("generation-" + generation.number()))
                .toList();
    }

    @Test
    void ofAGenerationThatHasEndedNeitherAFileNorADescriptorNorAThreadIsLeft() throws Exception {
        Path app = Jars.jar().withClasses(Good.class).withService(Good.class).writeTo(directory.resolve("app.jar"));
        Path copies = Files.createDirectory(directory.resolve("copies"));
        Generation.Settings settings = new Generation.Settings(
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                List.of(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                number -> PipelineCustomizer.none());
        try (SnapshotStore store = SnapshotStore.create(Optional.of(copies), Duration.ofMillis(1))) {
            Descriptors before = Descriptors.now();
            Set<Path> filesBefore = files(copies);
            Snapshot snapshot = store.take(new Build(app, List.of()), false);
            Path copy = snapshot.roots().get(0);
            Generation generation = Generation.load(7, snapshot, new AppModules(), settings, new Unheard());
            try {
                generation.start(Sockets.of(List.of()));
                assertTrue(isOpen(copy) || !Files.isDirectory(DESCRIPTORS), "it loads its classes from there");
                generation.end();
                assertEquals(filesBefore, files(copies));
                before.awaitAgain(); // selectors of event loops
                Await.until(
                        "its threads have ended", () -> threadsOf(generation).isEmpty());
                awaitClosed(copy);
            } finally {
                Reference.reachabilityFence(generation); // or the collections might close what it has forgotten
            }
        }
    }

    /** JBoss Modules connects to the URL of each resource that is asked for, and leaves that to the collector. */
    private static void awaitClosed(Path copy) throws Exception {
        Await.until("the private jar is closed", () -> {
            System.gc();
            return !isOpen(copy);
        });
    }

    private static Set<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.collect(Collectors.toSet());
        }
    }

    /** A file that was deleted is still open. */
    private static boolean isOpen(Path file) throws IOException {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return false;
        }
        try (Stream<Path> links = Files.list(DESCRIPTORS)) {
            return links.anyMatch(link -> target(link).startsWith(file.toString()));
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) { // closed meanwhile
            return "";
        }
    }
}
