package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** One watcher of the system's follows another. */
@Timeout(60)
final class EventWatcherTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path given;

    private final Sightings seen = new Sightings(() -> this.file);
    private Path project = Path.of("");
    private volatile Path file = Path.of("");
    private @Nullable Watcher watcher;

    @BeforeEach
    void prepare() throws IOException {
        project = given.toRealPath();
        file = project.resolve("App.java");
    }

    @AfterEach
    void close() {
        if (watcher != null) {
            watcher.close();
        }
    }

    private Watcher watch(IgnoreFilter ignored, Path target) {
        Watcher created = WatcherKind.EVENTS.create(seen, ignored);
        watcher = created;
        created.watch(List.of(target));
        return created;
    }

    /** Counts how many directories are watched whenever one more is looked at. */
    private record Counting(AtomicLong most) implements IgnoreFilter {

        @Override
        public boolean includes(Path path) {
            return false;
        }

        @Override
        public boolean includesDirectory(Path path) {
            long now = assertDoesNotThrow(Watches::count);
            most.accumulateAndGet(now, Math::max);
            return false;
        }

        @Override
        public boolean changedBy(Path path) {
            return path.endsWith(".gitignore");
        }
    }

    /** The limit is one of all watchers of a user. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whoWatchesAnewDoesNotHoldAllWatchesTwice() throws Exception {
        for (int i = 0; i < 50; i++) {
            Files.createDirectory(project.resolve("d" + i));
        }
        AtomicLong most = new AtomicLong();
        watch(new Counting(most), project);
        long enough = Watches.count();
        most.set(0);
        file = Files.createFile(project.resolve(".gitignore"));
        Files.writeString(file, "anew");
        seen.await("anew");
        assertTrue(most.get() > 0, "it watches anew");
        assertTrue(most.get() <= enough, () -> most + " watches instead of " + enough);
    }

    /** Stops the watcher's thread at this directory, before it registers what is in it. */
    private record StoppingAt(Path directory, CompletableFuture<Thread> stopped, CountDownLatch goOn)
            implements IgnoreFilter {

        @Override
        public boolean includes(Path path) {
            return false;
        }

        @Override
        public boolean includesDirectory(Path path) {
            if (path.equals(directory) && stopped.complete(Thread.currentThread())) {
                assertDoesNotThrow(() -> goOn.await());
            }
            return false;
        }
    }

    /** With inotify, where directories are registered one by one. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whoIsReplacedWhileItRegistersADirectoryTellsOfNothing() throws Exception {
        Path former = Files.createDirectory(project.resolve("former"));
        Path next = Files.createDirectory(project.resolve("next"));
        StoppingAt stopping = new StoppingAt(former.resolve("made"), new CompletableFuture<>(), new CountDownLatch(1));
        Watcher watching = watch(stopping, former);
        Files.createDirectory(former.resolve("made"));
        Thread thread = stopping.stopped().get();
        watching.watch(List.of(next));
        stopping.goOn().countDown();
        thread.join();

        file = next.resolve("App.java");
        Files.writeString(file, "saved");
        seen.await("saved");
        assertEquals(
                List.of(file),
                seen.all().stream().map(Sightings.Seen::path).distinct().toList());
    }

    /**
     * Makes a file in a new directory after its parent has been registered, and before the parent is searched for files.
     * The file is deleted as soon as it is seen: the directory is not registered yet, so there is no event for that.
     */
    private record MakingAndDeleting(Path parent, Path made, Watcher.Observer next, AtomicLong visits)
            implements IgnoreFilter, Watcher.Observer {

        @Override
        public boolean includes(Path path) {
            return false;
        }

        @Override
        public boolean includesDirectory(Path path) {
            // A visit asks twice for its start: the third time is in the second visit, the search for files.
            if (path.equals(parent) && visits.incrementAndGet() == 3) {
                assertDoesNotThrow(() -> {
                    Files.createDirectory(made.getParent());
                    Files.createFile(made);
                });
            }
            return false;
        }

        @Override
        public void changed(Path path) {
            if (path.equals(made) && Files.exists(made)) {
                assertDoesNotThrow(() -> Files.delete(made));
            }
            next.changed(path);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFileThatIsDeletedBeforeItsNewDirectoryIsWatched() throws Exception {
        Path parent = project.resolve("parent");
        file = parent.resolve("made/App.class");
        MakingAndDeleting making = new MakingAndDeleting(parent, file, seen, new AtomicLong());
        Watcher created = WatcherKind.EVENTS.create(making, making);
        watcher = created;
        created.watch(List.of(project));
        Files.createDirectory(parent);
        seen.await(Sightings.NOT_THERE);
        seen.await(Sightings.NOT_THERE);
        assertEquals(
                List.of(file, file),
                seen.all().stream().map(Sightings.Seen::path).toList());
    }

    /** Stops the watcher's thread when it tells of a change, and counts how often it has watched anew. */
    private final class Stalling implements Watcher.Observer, IgnoreFilter {

        private final AtomicLong begun = new AtomicLong();
        private volatile CountDownLatch goOn = new CountDownLatch(0);

        @Override
        public void changed(Path path) {
            boolean stalls = assertDoesNotThrow(() -> Files.readString(file)).equals("stalls");
            seen.changed(path);
            if (stalls) {
                assertDoesNotThrow(() -> goOn.await());
            }
        }

        @Override
        public boolean includes(Path path) {
            return false;
        }

        @Override
        public boolean includesDirectory(Path path) {
            return false;
        }

        @Override
        public boolean lookAgain() {
            begun.incrementAndGet();
            return false;
        }

        /** More events at a time than the JDK keeps of a directory. */
        void loseEvents(Path directory, String last) throws Exception {
            long before = begun.get();
            do {
                goOn = new CountDownLatch(1);
                Files.writeString(file, "stalls");
                seen.await("stalls");
                for (int i = 0; i < 2000; i++) {
                    Files.delete(Files.createFile(directory.resolve("t" + i)));
                }
                Files.writeString(file, last);
                goOn.countDown();
                seen.await(last);
            } while (begun.get() == before);
        }
    }

    private Stalling stalling() throws IOException {
        Stalling stalling = new Stalling();
        Files.createDirectories(project.resolve("src"));
        file = Files.createFile(project.resolve("src/App.java"));
        Watcher created = WatcherKind.EVENTS.create(stalling, stalling);
        watcher = created;
        created.watch(List.of(project.resolve("src")));
        return stalling;
    }

    @Test
    void eventsThatAreLostAboveATargetAreNoChange() throws Exception {
        stalling().loseEvents(project, "marker");
        assertEquals(
                List.of(file),
                seen.all().stream().map(Sightings.Seen::path).distinct().toList());
    }

    @Test
    void aChangeWhoseEventWasLostIsTold() throws Exception {
        stalling().loseEvents(project.resolve("src"), "in none of the events");
    }
}
