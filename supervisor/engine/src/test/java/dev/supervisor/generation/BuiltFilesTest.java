package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.BuiltFiles;
import dev.supervisor.generation.SnapshotStore.NotReadyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of builds by a builder that tells what it has changed. */
final class BuiltFilesTest {

    /** Nothing that a test has made was written just now. */
    private static final InstantSource LATER = () -> Instant.now().plus(Duration.ofHours(1));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temp;

    @SuppressWarnings("NullAway.Init")
    private SnapshotStore store;

    private Path classes = Path.of("");
    private final List<Snapshot> taken = new ArrayList<>();

    private final Map<Path, byte[]> written = new HashMap<>();
    private final Set<Path> deleted = new HashSet<>();

    @BeforeEach
    void create() throws Exception {
        classes = Jars.jar().with("a/A.class", "one").with("a/B.class", "one").unpackTo(temp.resolve("classes"));
        store = SnapshotStore.create(
                Optional.of(Files.createDirectory(temp.resolve("copies"))), Duration.ofMillis(1), LATER);
    }

    @AfterEach
    void close() {
        taken.forEach(Snapshot::close);
        store.close();
    }

    /** As a compiler does, which writes to disk, too. */
    private void compile(String file, String content) throws IOException {
        Path path = classes.resolve(file);
        Files.createDirectories(path.resolveSibling(""));
        Files.writeString(path, content);
        written.put(Path.of(file), content.getBytes(StandardCharsets.UTF_8));
    }

    private void delete(String file) throws IOException {
        Files.delete(classes.resolve(file));
        deleted.add(Path.of(file));
    }

    private Optional<BuiltFiles> told() {
        Optional<BuiltFiles> files =
                Optional.of(new BuiltFiles(Map.of(classes, new BuiltFiles.Changes(written, deleted))));
        written.clear();
        deleted.clear();
        return files;
    }

    private Snapshot take(Optional<BuiltFiles> built, Path... libraries) throws Exception {
        Snapshot snapshot = store.take(new Build(classes, List.of(libraries)), false, built);
        taken.add(snapshot);
        return snapshot;
    }

    private static Map<String, String> contents(Snapshot snapshot) throws IOException {
        Path root = snapshot.roots().get(0);
        Map<String, String> contents = new HashMap<>();
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(root.relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }

    private void changeBehindItsBack() throws IOException {
        Files.writeString(classes.resolve("a/B.class"), "behind its back");
    }

    @Test
    void whatIsToldIsTakenWithoutALookAtTheDirectory() throws Exception {
        take(told());
        changeBehindItsBack();
        compile("a/A.class", "two");
        compile("new/C.class", "two");
        Snapshot snapshot = take(told());
        assertEquals(Map.of("a/A.class", "two", "a/B.class", "one", "new/C.class", "two"), contents(snapshot));
        assertTrue(AppModule.open(snapshot, Program.ofSpi()).get(0).getPaths().contains("new"));
    }

    @Test
    void aBuildThatTellsNothingIsLookedAt() throws Exception {
        take(told());
        changeBehindItsBack();
        compile("a/A.class", "two");
        take(told());
        assertEquals(Map.of("a/A.class", "two", "a/B.class", "behind its back"), contents(take(Optional.empty())));

        compile("a/A.class", "three");
        changeBehindItsBack();
        assertEquals("three", contents(take(told())).get("a/A.class"), "what is told after that is taken again");
    }

    @Test
    void whatIsDeletedIsGone() throws Exception {
        take(told());
        delete("a/B.class");
        assertEquals(Map.of("a/A.class", "one"), contents(take(told())));
        assertEquals(Map.of("a/A.class", "one"), contents(take(Optional.empty())));
    }

    @Test
    void afterOneThatFailedTheDirectoryIsLookedAt() throws Exception {
        Path lib = Jars.jar().with("x.txt", "x").writeTo(temp.resolve("lib.jar"));
        take(told(), lib);
        Files.move(lib, temp.resolve("away.jar"));
        compile("a/A.class", "two");
        assertThrows(NotReadyException.class, () -> take(told(), lib));
        Files.move(temp.resolve("away.jar"), lib);
        changeBehindItsBack();
        compile("a/C.class", "three");
        assertEquals(
                Map.of("a/A.class", "two", "a/B.class", "behind its back", "a/C.class", "three"),
                contents(take(told(), lib)));
    }

    @Test
    void aDirectoryThatIsNewOnTheClassPathIsLookedAt() throws Exception {
        take(told());
        Path other = Jars.jar().with("o/O.class", "one").unpackTo(temp.resolve("other"));
        classes = other;
        assertEquals(Map.of("o/O.class", "one"), contents(take(told())));
    }

    @Test
    void whatIsWantedInAnyCaseIsLookedAt() throws Exception {
        take(told());
        changeBehindItsBack();
        Snapshot snapshot = store.take(new Build(classes, List.of()), true, told());
        taken.add(snapshot);
        assertEquals("behind its back", contents(snapshot).get("a/B.class"));
    }

    @Test
    void theRestIsLookedAtAndNeedNotStandStill() throws Exception {
        Path lib = Jars.jar().with("l/L.class", "one").unpackTo(temp.resolve("lib"));
        take(told(), lib);
        Files.writeString(lib.resolve("l/L.class"), "two");
        Thread.currentThread().interrupt(); // who has to wait is interrupted
        Snapshot snapshot = take(told(), lib);
        assertTrue(Thread.interrupted());
        assertEquals("two", Files.readString(snapshot.roots().get(1).resolve("l/L.class")));
    }

    @Test
    void theSameContentIsNoNewBuild() throws Exception {
        Snapshot live = take(told());
        compile("a/A.class", "one");
        assertEquals(Optional.empty(), store.takeUnlessSame(new Build(classes, List.of()), live, told()));
        compile("a/A.class", "two");
        assertTrue(store.takeUnlessSame(new Build(classes, List.of()), live, told())
                .isPresent());
    }

    @Test
    void aLargeFileGoesFromCopyToCopyUnlessItHasVanished() throws Exception {
        String large = "x".repeat(2 << 20);
        compile("large.bin", large);
        take(told());
        compile("a/A.class", "two");
        Snapshot second = take(told());
        assertEquals(large, contents(second).get("large.bin"));
        Files.delete(second.roots().get(0).resolve("large.bin"));
        changeBehindItsBack();
        compile("a/A.class", "three");
        Map<String, String> third = contents(take(told()));
        assertEquals(large, third.get("large.bin"));
        assertEquals("behind its back", third.get("a/B.class"), "the directory is looked at");
    }

    @Test
    void onlyPathsInADirectoryCanBeTold() {
        for (String path : List.of("/a/A.class", "../A.class", "a/../../A.class", "a/./A.class")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new BuiltFiles.Changes(Map.of(Path.of(path), new byte[0]), Set.of()),
                    path);
        }
    }
}
