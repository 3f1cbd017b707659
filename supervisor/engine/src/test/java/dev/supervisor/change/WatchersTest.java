package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever happens to a build, there is an event after which it looks as it does at last: a swap that begins with that
 * event gets it.
 */
final class WatchersTest {

    private static final String NOT_THERE = Sightings.NOT_THERE;

    @TempDir
    Path given;

    private final Sightings seen = new Sightings(() -> this.file);
    private Path temp = Path.of("");
    private volatile Path file = Path.of("");
    private @Nullable Watcher watcher;

    @BeforeEach
    void resolve() throws IOException {
        temp = given.toRealPath();
        file = temp.resolve("app.jar");
    }

    @AfterEach
    void close() {
        if (watcher != null) {
            watcher.close();
        }
    }

    private Watcher watch(WatcherKind kind, Path... targets) {
        Watcher created = kind.create(seen, IgnoreFilter.editorFiles());
        watcher = created;
        created.watch(List.of(targets));
        return created;
    }

    private static void write(Path path, String content) throws IOException {
        Path directory = Objects.requireNonNull(path.getParent());
        if (!Files.exists(directory)) {
            Files.createDirectories(directory);
        }
        Files.writeString(path, content);
    }

    private static void moveOver(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void link(Path link, Path to) throws IOException {
        Path next = link.resolveSibling(link.getFileName() + ".next");
        Files.createSymbolicLink(next, to);
        moveOver(next, link);
    }

    private static void deleteAll(Path root) throws IOException {
        List<Path> paths;
        try (var found = Files.walk(root)) {
            paths = new ArrayList<>(found.toList());
        }
        for (int i = paths.size() - 1; i >= 0; i--) {
            Files.delete(paths.get(i));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatComesIntoBeing(WatcherKind kind) throws Exception {
        watch(kind, file);
        write(file, "one");
        seen.await("one");
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryOnTheWayToAnotherTarget(WatcherKind kind) throws Exception {
        file = temp.resolve("src/main/templates/page.txt");
        write(temp.resolve("src/main/java/A.java"), "");
        write(file, "one");
        watch(kind, temp.resolve("src/main/java"), temp.resolve("src/main"));
        write(file, "second");
        seen.await("second");
    }

    @ParameterizedTest
    @EnumSource
    void aFileInDirectoriesThatAreNotThereYet(WatcherKind kind) throws Exception {
        file = temp.resolve("project/build/libs/app.jar");
        watch(kind, file);
        write(file, "one");
        seen.await("one");
        write(file, "second");
        seen.await("second");
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatIsWrittenInPlace(WatcherKind kind) throws Exception {
        write(file, "one");
        watch(kind, file);
        write(file, "second");
        seen.await("second");
        Files.writeString(file, " and more", StandardOpenOption.APPEND);
        seen.await("second and more");
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatIsMovedOver(WatcherKind kind) throws Exception {
        write(file, "one");
        Path next = temp.resolve("next.jar");
        write(next, "two");
        watch(kind, file);
        moveOver(next, file);
        seen.await("two");
        write(next, "three");
        moveOver(next, file);
        seen.await("three");
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatIsDeletedAndMadeAgain(WatcherKind kind) throws Exception {
        write(file, "one");
        watch(kind, file);
        Files.delete(file);
        seen.await(NOT_THERE);
        write(file, "second");
        seen.await("second");
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryThatIsDeletedAsAWholeAndMadeAgain(WatcherKind kind) throws Exception {
        file = temp.resolve("project/build/libs/app.jar");
        write(file, "one");
        watch(kind, file);
        for (String content : List.of("second", "third one")) {
            deleteAll(temp.resolve("project"));
            seen.await(NOT_THERE);
            write(file, content);
            seen.await(content);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryThatIsMovedIntoPlace(WatcherKind kind) throws Exception {
        file = temp.resolve("build/libs/app.jar");
        write(temp.resolve("next/libs/app.jar"), "one");
        watch(kind, file);
        Files.move(temp.resolve("next"), temp.resolve("build"));
        seen.await("one");
        write(file, "second");
        seen.await("second");
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryThatIsMovedAwayAndBack(WatcherKind kind) throws Exception {
        file = temp.resolve("project/build/libs/app.jar");
        write(file, "one");
        watch(kind, file);
        Files.move(temp.resolve("project"), temp.resolve("aside"));
        seen.await(NOT_THERE);
        Files.move(temp.resolve("aside"), temp.resolve("project"));
        seen.await("one");
        write(file, "second");
        seen.await("second");
    }

    @ParameterizedTest
    @EnumSource
    void aClassDeepInADirectory(WatcherKind kind) throws Exception {
        Path classes = temp.resolve("classes");
        file = classes.resolve("a/b/C.class");
        write(file, "one");
        watch(kind, classes);
        write(file, "second");
        seen.await("second");
        file = classes.resolve("a/d/e/F.class");
        write(file, "new");
        seen.await("new");
        Files.delete(file);
        seen.await(NOT_THERE);
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryOfClassesThatIsDeletedAndMadeAgain(WatcherKind kind) throws Exception {
        Path classes = temp.resolve("classes");
        file = classes.resolve("a/b/C.class");
        write(file, "one");
        watch(kind, classes);
        deleteAll(classes);
        seen.await(NOT_THERE);
        write(file, "second");
        seen.await("second");
        write(file, "the third");
        seen.await("the third");
    }

    @ParameterizedTest
    @EnumSource
    void aLinkThatLeadsToAnotherFile(WatcherKind kind) throws Exception {
        write(temp.resolve("v1/app.jar"), "one");
        write(temp.resolve("v2/app.jar"), "second");
        link(file, temp.resolve("v1/app.jar"));
        watch(kind, file);
        link(file, temp.resolve("v2/app.jar"));
        seen.await("second");
    }

    @ParameterizedTest
    @EnumSource
    void aFileBehindALink(WatcherKind kind) throws Exception {
        write(temp.resolve("v1/app.jar"), "one");
        link(file, temp.resolve("v1/app.jar"));
        watch(kind, file);
        write(temp.resolve("v1/app.jar"), "second");
        seen.await("second");
    }

    @ParameterizedTest
    @EnumSource
    void aLinkOnTheWayThatLeadsToAnotherDirectory(WatcherKind kind) throws Exception {
        write(temp.resolve("v1/app.jar"), "one");
        write(temp.resolve("v2/app.jar"), "second");
        Path current = temp.resolve("current");
        link(current, temp.resolve("v1"));
        file = current.resolve("app.jar");
        watch(kind, file);
        link(current, temp.resolve("v2"));
        seen.await("second");
    }

    @ParameterizedTest
    @EnumSource
    void aClassDeepInADirectoryBehindALink(WatcherKind kind) throws Exception {
        write(temp.resolve("v1/a/b/C.class"), "one");
        Path current = temp.resolve("current");
        link(current, temp.resolve("v1"));
        file = current.resolve("a/b/C.class");
        watch(kind, current);
        write(file, "second");
        seen.await("second");
    }

    @ParameterizedTest
    @EnumSource
    void whatLiesBesideIsOfNoInterest(WatcherKind kind) throws Exception {
        write(file, "one");
        write(temp.resolve("other/a.txt"), "one");
        watch(kind, file);
        write(temp.resolve("other/a.txt"), "two");
        write(temp.resolve("app.jar.tmp"), "two");
        Files.delete(temp.resolve("app.jar.tmp"));
        deleteAll(temp.resolve("other"));
        write(file, "marker");
        seen.await("marker");
        assertTrue(seen.all().stream().allMatch(event -> event.path().equals(file)), () -> "" + seen.all());
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheTargetsOfTheLastTimeAreWatched(WatcherKind kind) throws Exception {
        Path former = temp.resolve("former.jar");
        write(former, "one");
        Watcher same = watch(kind, former);
        same.watch(List.of(file));
        same.watch(List.of(file));
        write(former, "second");
        write(file, "marker");
        seen.await("marker");
        assertTrue(seen.all().stream().allMatch(event -> event.path().equals(file)), () -> "" + seen.all());
    }

    @ParameterizedTest
    @EnumSource
    void whatIsThereWhenWatchingBeginsIsNoChange(WatcherKind kind) throws Exception {
        write(file, "one");
        watch(kind, file);
        write(file, "marker");
        seen.await("marker");
        assertFalse(seen.all().stream().anyMatch(event -> event.content().equals("one")), () -> "" + seen.all());
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsTheThread(WatcherKind kind) throws Exception {
        Watcher closed = watch(kind, file);
        List<Thread> running = threads();
        assertFalse(running.isEmpty());
        closed.close();
        closed.close();
        for (Thread thread : running) {
            thread.join(20_000);
            assertFalse(thread.isAlive());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatFailsOnceIsNotTheEnd(WatcherKind kind) throws Exception {
        AtomicBoolean fails = new AtomicBoolean();
        IgnoreFilter failing = new IgnoreFilter() {
            @Override
            public boolean includes(Path path) {
                if (fails.getAndSet(false)) {
                    throw new IllegalStateException("once");
                }
                return false;
            }

            @Override
            public boolean includesDirectory(Path directory) {
                return false;
            }
        };
        write(file, "one");
        Watcher created = kind.create(seen, failing);
        watcher = created;
        created.watch(List.of(temp));
        fails.set(true);
        write(file, "second");
        seen.await("second");
        assertFalse(fails.get());
        write(file, "the third");
        seen.await("the third");
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(WatcherKind.THREAD))
                .toList();
    }

    @Test
    void pollingIsDoneWhereItIsAskedForAndEventsAreTheDefault() throws Exception {
        try (Watcher polling = Watchers.create(path -> {}, Optional.of(Duration.ofHours(1)));
                Watcher events = Watchers.create(seen, Optional.empty())) {
            assertEquals(PollingWatcher.class, polling.getClass());
            events.watch(List.of(file));
            write(file, "one");
            seen.await("one");
        }
    }
}
