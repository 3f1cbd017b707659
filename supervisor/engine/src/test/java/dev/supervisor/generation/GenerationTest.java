package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.supervisor.Problem;
import dev.supervisor.socket.netty.PipelineCustomizer;
import dev.supervisor.socket.netty.SupervisedServerChannel;
import dev.supervisor.testing.Descriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class GenerationTest {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @TempDir
    private Path directory;

    private static final class Unheard implements Generation.Observer {
        @Override
        public void serving(SupervisedServerChannel server) {}

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
                Optional.empty(), List.of(), Duration.ofSeconds(1), Duration.ofSeconds(1), GenerationTest::fails);
        Descriptors before = Descriptors.now();
        Snapshot snapshot = store.take(new Build(app, List.of()), false);
        Path copy = snapshot.roots().get(0);
        LoadException e =
                assertThrows(LoadException.class, () -> Generation.load(7, snapshot, settings, new Unheard()));
        assertEquals(
                "can't load app.jar: there is nothing for generation 7",
                e.problem().summary());
        assertFalse(isOpen(copy));
        assertFalse(Files.exists(copy));
        before.awaitAgain(); // selectors of event loops
        store.close();
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
