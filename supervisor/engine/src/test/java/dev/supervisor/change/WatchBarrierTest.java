package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.supervisor.Watcher;
import dev.supervisor.files.AbandonedDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What has been changed before a call of {@code catchUp} has been reported when that returns. */
@Timeout(120)
final class WatchBarrierTest {

    private static final int CHANGES = 500;
    private static final int THREADS = 3;

    @TempDir
    Path given;

    private final ConcurrentHashMap<Path, AtomicInteger> reported = new ConcurrentHashMap<>();

    @BeforeEach
    void onLinux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "events come in order, and at once, from inotify");
    }

    private Watcher watch(Path root) {
        return Watchers.ofSources(
                path -> reported.computeIfAbsent(path, any -> new AtomicInteger())
                        .incrementAndGet(),
                List.of(root),
                List.of(),
                List.of(),
                root,
                Optional.empty());
    }

    private int reported(Path path) {
        AtomicInteger times = reported.get(path);
        return times == null ? 0 : times.get();
    }

    /** Each thread changes files of directories that the others change, too, in the ways of editors. */
    @Test
    void allChangesUpToNowHaveBeenReported() throws Exception {
        Path root = given.toRealPath();
        List<Path> directories = List.of(root.resolve("a"), root.resolve("b"));
        for (Path directory : directories) {
            Files.createDirectories(directory);
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (Watcher watcher = watch(root)) {
            List<Future<Integer>> missed = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                missed.add(threads.submit(() -> {
                    int count = 0;
                    for (int i = 0; i < CHANGES; i++) {
                        Path file = directories.get(i % 2).resolve("File" + number + "-" + i + ".java");
                        change(file, i);
                        watcher.catchUp();
                        count += reported(file) > 0 ? 0 : 1;
                    }
                    return count;
                }));
            }
            for (Future<Integer> each : missed) {
                assertEquals(0, each.get());
            }
        } finally {
            threads.shutdown();
            threads.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    private static void change(Path file, int number) throws IOException {
        if (number % 2 == 0) {
            Files.writeString(file, "x");
        } else {
            Path other = file.resolveSibling(file.getFileName() + "~");
            Files.writeString(other, "x");
            Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Directories above the watched ones go and come back, so that the watcher begins anew. */
    @Test
    void whatChangesWhileTheWatcherBeginsAnewHasBeenReported() throws Exception {
        Path root = given.toRealPath();
        Path module = root.resolve("project/module");
        Path sources = Files.createDirectories(module.resolve("src/a"));
        Path other = Files.createDirectories(root.resolve("other"));
        try (Watcher watcher = Watchers.ofSources(
                path -> reported.computeIfAbsent(path, any -> new AtomicInteger())
                        .incrementAndGet(),
                List.of(module.resolve("src"), other),
                List.of(),
                List.of(),
                root,
                Optional.empty())) {
            for (int i = 0; i < 40; i++) {
                Path away = module.resolveSibling("away");
                Files.move(module, away, StandardCopyOption.ATOMIC_MOVE);
                Files.move(away, module, StandardCopyOption.ATOMIC_MOVE);
                for (Path file : List.of(other.resolve("B" + i + ".java"), sources.resolve("A" + i + ".java"))) {
                    reported.clear();
                    Files.writeString(file, "x");
                    watcher.catchUp();
                    assertFalse(reported.isEmpty(), file + " is not reported");
                }
            }
            assertFalse(
                    reported.keySet().stream().anyMatch(path -> path.toString().contains("barrier")));
        }
    }

    @Test
    void theDirectoryOfASupervisorThatWasKilledIsDeletedByTheNext() throws Exception {
        Path abandoned = Files.createTempDirectory(WatchBarrier.PREFIX).toRealPath();
        Path lock = Files.createFile(abandoned.resolve(AbandonedDirectories.LOCK));
        Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        Files.createFile(abandoned.resolve("barrier-0"));
        try (WatchBarrier one = WatchBarrier.open().orElseThrow();
                WatchBarrier other = WatchBarrier.open().orElseThrow()) {
            assertFalse(Files.exists(abandoned));
            assertTrue(Files.exists(one.directory()) && Files.exists(other.directory()));
        }
    }

    @Test
    void aClosedWatcherIsNotWaitedFor() throws Exception {
        Watcher watcher = watch(given.toRealPath());
        watcher.close();
        watcher.catchUp();
        assertFalse(reported.containsKey(given));
    }
}
