package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
final class WatcherTest {

    private static final String THREAD = "watcher-under-test";
    private static final String NOT_THERE = "";

    enum Kind {
        EVENTS {
            @Override
            Watcher create(Watcher.Observer observer) {
                return new EventWatcher(observer, Ignored.nothing(), THREAD);
            }
        },
        POLLING {
            @Override
            Watcher create(Watcher.Observer observer) {
                return new PollingWatcher(observer, Ignored.nothing(), Duration.ofMillis(5), THREAD);
            }
        };

        abstract Watcher create(Watcher.Observer observer);
    }

    /** @param content of the file that matters, at the moment of the event */
    private record Seen(Path path, String content) {}

    @TempDir
    Path given;

    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private final List<Seen> all = new ArrayList<>();
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

    private Watcher watch(Kind kind, Path... targets) {
        Watcher created = kind.create(path -> seen.add(new Seen(path, contentOf(file))));
        watcher = created;
        created.watch(List.of(targets));
        return created;
    }

    private static String contentOf(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            return NOT_THERE;
        }
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

    /** Waits for an event after which the file has this content. */
    private void assertSeen(String content) throws InterruptedException {
        Seen next;
        do {
            next = seen.poll(20, TimeUnit.SECONDS);
            assertNotNull(next, () -> "never seen: '" + content + "', but " + all);
            all.add(next);
        } while (!next.content().equals(content));
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatComesIntoBeing(Kind kind) throws Exception {
        watch(kind, file);
        write(file, "one");
        assertSeen("one");
    }

    @ParameterizedTest
    @EnumSource
    void aFileInDirectoriesThatAreNotThereYet(Kind kind) throws Exception {
        file = temp.resolve("project/build/libs/app.jar");
        watch(kind, file);
        write(file, "one");
        assertSeen("one");
        write(file, "second");
        assertSeen("second");
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatIsWrittenInPlace(Kind kind) throws Exception {
        write(file, "one");
        watch(kind, file);
        write(file, "second");
        assertSeen("second");
        Files.writeString(file, " and more", StandardOpenOption.APPEND);
        assertSeen("second and more");
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatIsMovedOver(Kind kind) throws Exception {
        write(file, "one");
        Path next = temp.resolve("next.jar");
        write(next, "two");
        watch(kind, file);
        moveOver(next, file);
        assertSeen("two");
        write(next, "three");
        moveOver(next, file);
        assertSeen("three");
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatIsDeletedAndMadeAgain(Kind kind) throws Exception {
        write(file, "one");
        watch(kind, file);
        Files.delete(file);
        assertSeen(NOT_THERE);
        write(file, "second");
        assertSeen("second");
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryThatIsDeletedAsAWholeAndMadeAgain(Kind kind) throws Exception {
        file = temp.resolve("project/build/libs/app.jar");
        write(file, "one");
        watch(kind, file);
        for (String content : List.of("second", "third one")) {
            deleteAll(temp.resolve("project"));
            assertSeen(NOT_THERE);
            write(file, content);
            assertSeen(content);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryThatIsMovedIntoPlace(Kind kind) throws Exception {
        file = temp.resolve("build/libs/app.jar");
        write(temp.resolve("next/libs/app.jar"), "one");
        watch(kind, file);
        Files.move(temp.resolve("next"), temp.resolve("build"));
        assertSeen("one");
        write(file, "second");
        assertSeen("second");
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryThatIsMovedAwayAndBack(Kind kind) throws Exception {
        file = temp.resolve("project/build/libs/app.jar");
        write(file, "one");
        watch(kind, file);
        Files.move(temp.resolve("project"), temp.resolve("aside"));
        assertSeen(NOT_THERE);
        Files.move(temp.resolve("aside"), temp.resolve("project"));
        assertSeen("one");
        write(file, "second");
        assertSeen("second");
    }

    @ParameterizedTest
    @EnumSource
    void aClassDeepInADirectory(Kind kind) throws Exception {
        Path classes = temp.resolve("classes");
        file = classes.resolve("a/b/C.class");
        write(file, "one");
        watch(kind, classes);
        write(file, "second");
        assertSeen("second");
        file = classes.resolve("a/d/e/F.class");
        write(file, "new");
        assertSeen("new");
        Files.delete(file);
        assertSeen(NOT_THERE);
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryOfClassesThatIsDeletedAndMadeAgain(Kind kind) throws Exception {
        Path classes = temp.resolve("classes");
        file = classes.resolve("a/b/C.class");
        write(file, "one");
        watch(kind, classes);
        deleteAll(classes);
        assertSeen(NOT_THERE);
        write(file, "second");
        assertSeen("second");
        write(file, "the third");
        assertSeen("the third");
    }

    @ParameterizedTest
    @EnumSource
    void aLinkThatLeadsToAnotherFile(Kind kind) throws Exception {
        write(temp.resolve("v1/app.jar"), "one");
        write(temp.resolve("v2/app.jar"), "second");
        link(file, temp.resolve("v1/app.jar"));
        watch(kind, file);
        link(file, temp.resolve("v2/app.jar"));
        assertSeen("second");
    }

    @ParameterizedTest
    @EnumSource
    void aFileBehindALink(Kind kind) throws Exception {
        write(temp.resolve("v1/app.jar"), "one");
        link(file, temp.resolve("v1/app.jar"));
        watch(kind, file);
        write(temp.resolve("v1/app.jar"), "second");
        assertSeen("second");
    }

    @ParameterizedTest
    @EnumSource
    void aLinkOnTheWayThatLeadsToAnotherDirectory(Kind kind) throws Exception {
        write(temp.resolve("v1/app.jar"), "one");
        write(temp.resolve("v2/app.jar"), "second");
        Path current = temp.resolve("current");
        link(current, temp.resolve("v1"));
        file = current.resolve("app.jar");
        watch(kind, file);
        link(current, temp.resolve("v2"));
        assertSeen("second");
    }

    @ParameterizedTest
    @EnumSource
    void aClassDeepInADirectoryBehindALink(Kind kind) throws Exception {
        write(temp.resolve("v1/a/b/C.class"), "one");
        Path current = temp.resolve("current");
        link(current, temp.resolve("v1"));
        file = current.resolve("a/b/C.class");
        watch(kind, current);
        write(file, "second");
        assertSeen("second");
    }

    @ParameterizedTest
    @EnumSource
    void whatLiesBesideIsOfNoInterest(Kind kind) throws Exception {
        write(file, "one");
        write(temp.resolve("other/a.txt"), "one");
        watch(kind, file);
        write(temp.resolve("other/a.txt"), "two");
        write(temp.resolve("app.jar.tmp"), "two");
        Files.delete(temp.resolve("app.jar.tmp"));
        deleteAll(temp.resolve("other"));
        write(file, "marker");
        assertSeen("marker");
        assertTrue(all.stream().allMatch(event -> event.path().equals(file)), all::toString);
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheTargetsOfTheLastTimeAreWatched(Kind kind) throws Exception {
        Path former = temp.resolve("former.jar");
        write(former, "one");
        Watcher same = watch(kind, former);
        same.watch(List.of(file));
        same.watch(List.of(file));
        write(former, "second");
        write(file, "marker");
        assertSeen("marker");
        assertTrue(all.stream().allMatch(event -> event.path().equals(file)), all::toString);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsThereWhenWatchingBeginsIsNoChange(Kind kind) throws Exception {
        write(file, "one");
        watch(kind, file);
        write(file, "marker");
        assertSeen("marker");
        assertFalse(all.stream().anyMatch(event -> event.content().equals("one")), all::toString);
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsTheThread(Kind kind) throws Exception {
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

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(THREAD))
                .toList();
    }

    @Test
    void pollingIsDoneWhereItIsAskedForAndEventsAreTheDefault() throws Exception {
        try (Watcher polling = Watchers.create(path -> {}, Optional.of(Duration.ofHours(1)));
                Watcher events = Watchers.create(path -> seen.add(new Seen(path, contentOf(file))), Optional.empty())) {
            assertEquals(PollingWatcher.class, polling.getClass());
            events.watch(List.of(file));
            write(file, "one");
            assertSeen("one");
        }
    }
}
