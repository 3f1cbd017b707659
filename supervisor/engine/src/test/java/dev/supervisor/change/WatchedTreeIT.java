package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Watcher;
import dev.supervisor.testing.SameOnEveryJdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trees of sources that are large, or go round in circles. */
@Timeout(120)
@SameOnEveryJdk
final class WatchedTreeIT {

    private static final int DIRECTORIES = 1000;
    private static final int FILES_IN_EACH = 100;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path given;

    private final Sightings seen = new Sightings(() -> this.file);
    private Path root = Path.of("");
    private Path file = Path.of("");
    private @Nullable Watcher watcher;

    @BeforeEach
    void resolve() throws IOException {
        root = Files.createDirectory(given.toRealPath().resolve("project"));
        file = Files.createFile(root.resolve("App.java"));
    }

    @AfterEach
    void close() {
        if (watcher != null) {
            watcher.close();
        }
    }

    private void watch(WatcherKind kind) {
        watcher = kind.create(seen, new IgnoredSources(List.of(root), List.of(), List.of(), root));
        watcher.watch(List.of(root));
    }

    /** One file by many names: to make a hundred thousand real ones takes half a minute on some disks. */
    private static void fill(Path directory) {
        try {
            Path first = Files.createFile(Files.createDirectories(directory).resolve("C.java"));
            for (int i = 1; i < FILES_IN_EACH; i++) {
                Files.createLink(directory.resolve("C" + i + ".java"), first);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void grow(Path parent, int directories) {
        IntStream.range(0, directories).parallel().forEach(i -> fill(parent.resolve(i / 10 + "/" + i % 10)));
    }

    private void assertSeen(String content) throws Exception {
        Files.writeString(file, content);
        seen.await(content);
    }

    @ParameterizedTest
    @EnumSource
    void inAHundredThousandFilesAChangeIsSeenAndWhatIsIgnoredIsNot(WatcherKind kind) throws Exception {
        grow(root.resolve("src"), DIRECTORIES);
        grow(root.resolve("node_modules"), 20);
        Files.writeString(root.resolve(".gitignore"), "node_modules/\n");
        file = Files.createFile(root.resolve("src/99/9/App.java"));
        watch(kind);
        Files.writeString(root.resolve("node_modules/1/9/C7.java"), "ignored");
        Files.createFile(root.resolve("node_modules/new"));
        assertSeen("saved");
        assertEquals(
                List.of(file),
                seen.all().stream().map(Sightings.Seen::path).distinct().toList());
        file = Files.createFile(root.resolve("src/99/New.java"));
        assertSeen("made");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatIsIgnoredCostsNoWatches() throws Exception {
        Files.writeString(root.resolve(".gitignore"), "node_modules/\n");
        Files.createDirectories(root.resolve("src/app"));
        Files.createDirectories(root.resolve(".git/objects"));
        grow(root.resolve("node_modules"), 20);
        long before = Watches.count();
        watch(WatcherKind.EVENTS);
        long way = root.getNameCount() + 1L; // from the root of all on
        assertEquals(before + way + 2, Watches.count());

        file = root.resolve("other/App.java");
        Files.createDirectory(file.getParent());
        assertSeen("in a new directory");
        grow(root.resolve("other/node_modules"), 20);
        assertSeen("later");
        assertEquals(before + way + 3, Watches.count(), "one for other, and none for what is in it");
        assertTrue(
                seen.all().stream().noneMatch(event -> event.path().toString().contains("node_modules")),
                () -> "" + seen.all());
    }

    @ParameterizedTest
    @EnumSource
    void anIgnoredDirectoryThatIsDeletedAndMadeAgainIsNoChange(WatcherKind kind) throws Exception {
        Files.writeString(root.resolve(".gitignore"), "/out/\n");
        Path out = Files.createDirectory(root.resolve("out"));
        watch(kind);
        Files.delete(out);
        Files.createDirectories(out.resolve("app"));
        Files.createFile(out.resolve("app/App.class"));
        assertSeen("saved");
        assertEquals(
                List.of(file),
                seen.all().stream().map(Sightings.Seen::path).distinct().toList());
    }

    @ParameterizedTest
    @EnumSource
    void aRootInAnIgnoredDirectoryThatIsDeletedAndMadeAgainIsSeen(WatcherKind kind) throws Exception {
        Files.writeString(root.resolve(".gitignore"), "/build/\n");
        Path generated = Files.createDirectories(root.resolve("build/generated"));
        List<Path> roots = List.of(root, generated);
        watcher = kind.create(seen, new IgnoredSources(roots, List.of(), List.of(), root));
        watcher.watch(roots);
        file = generated.resolve("A.java");
        assertSeen("in it");
        Files.delete(file);
        Files.delete(generated);
        Files.delete(root.resolve("build"));
        seen.await(Sightings.NOT_THERE);
        file = generated.resolve("deep/A.java");
        Files.createDirectories(file.getParent());
        assertSeen("made again");
        Files.writeString(root.resolve("build/a.txt"), "ignored");
        assertSeen("and once more");
        assertTrue(seen.all().stream().noneMatch(one -> one.path().endsWith("a.txt")), () -> "" + seen.all());
    }

    /** Deletes it when the watcher asks for the second time: it has been listed then, and is registered next. */
    private static IgnoreFilter deleting(Path directory) {
        AtomicInteger asked = new AtomicInteger();
        return new IgnoreFilter() {
            @Override
            public boolean includes(Path path) {
                return false;
            }

            @Override
            public boolean includesDirectory(Path path) {
                if (path.equals(directory) && asked.incrementAndGet() == 2) {
                    assertDoesNotThrow(() -> Files.delete(directory));
                }
                return false;
            }
        };
    }

    @Test
    void aDirectoryThatVanishesWhileItIsRegisteredDoesNoHarm() throws Exception {
        Path vanishing = Files.createDirectory(root.resolve("vanishing"));
        watcher = WatcherKind.EVENTS.create(seen, deleting(vanishing));
        watcher.watch(List.of(root));
        assertFalse(Files.exists(vanishing));
        assertSeen("saved");
    }

    @ParameterizedTest
    @EnumSource
    void aLinkToItsOwnParentLeadsNowhere(WatcherKind kind) throws Exception {
        Path deep = Files.createDirectories(root.resolve("a/b"));
        Files.createSymbolicLink(deep.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(deep.resolve("top"), root);
        assertSeenInAndBelow(kind, deep);
    }

    @ParameterizedTest
    @EnumSource
    void linksToEachOtherLeadNowhere(WatcherKind kind) throws Exception {
        Path deep = Files.createDirectories(root.resolve("a/b"));
        Path other = Files.createDirectories(root.resolve("a/c"));
        Files.createSymbolicLink(deep.resolve("c"), Path.of("../c"));
        Files.createSymbolicLink(other.resolve("b"), Path.of("../b"));
        Files.createSymbolicLink(root.resolve("one"), Path.of("another"));
        Files.createSymbolicLink(root.resolve("another"), Path.of("one"));
        assertSeenInAndBelow(kind, deep);
    }

    @ParameterizedTest
    @EnumSource
    void aLinkOutOfTheRootOrToNothingDoesNoHarm(WatcherKind kind) throws Exception {
        Path outside = Files.createDirectories(root.resolveSibling("outside/deep"));
        Files.createSymbolicLink(outside.resolve("back"), root);
        Files.createSymbolicLink(root.resolve("outside"), outside.getParent());
        Files.createSymbolicLink(root.resolve("nothing"), Path.of("not-there"));
        assertSeenInAndBelow(kind, Files.createDirectory(root.resolve("deep")));
    }

    @ParameterizedTest
    @EnumSource
    void aLinkThatMakesACircleLaterDoesNoHarm(WatcherKind kind) throws Exception {
        Path deep = Files.createDirectories(root.resolve("a/b"));
        watch(kind);
        Files.createSymbolicLink(deep.resolve("up"), Path.of("../.."));
        assertSeen("after the link");
        file = deep.resolve("c/d/New.java");
        Files.createDirectories(file.getParent());
        assertSeen("in new directories");
        assertFalse(seen.all().isEmpty());
    }

    /** More than the JDK keeps for one directory: of those that come later it says that they were lost, not which. */
    @Test
    void whatEventsWereLostOfIsSeenToo() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Watcher.Observer busy = path -> {
            seen.changed(path);
            assertDoesNotThrow(() -> goOn.await());
        };
        watcher = WatcherKind.EVENTS.create(busy, IgnoreFilter.editorFiles());
        watcher.watch(List.of(root));
        Files.delete(file);
        seen.await(Sightings.NOT_THERE);
        for (int i = 0; i < 2000; i++) {
            Files.createFile(root.resolve("C" + i + ".java"));
        }
        Path made = Files.createDirectories(root.resolve("made/meanwhile"));
        Files.writeString(file, "saved last");
        goOn.countDown();
        seen.await("saved last");
        file = made.resolve("New.java");
        assertSeen("in a directory whose own event was lost");
    }

    private void assertSeenInAndBelow(WatcherKind kind, Path directory) throws Exception {
        watch(kind);
        assertSeen("saved");
        file = directory.resolve("Deep.java");
        assertSeen("deep");
        file = directory.resolve("new/Deeper.java");
        Files.createDirectory(file.getParent());
        assertSeen("deeper");
    }
}
