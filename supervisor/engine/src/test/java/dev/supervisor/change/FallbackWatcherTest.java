package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Watcher;
import dev.supervisor.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a system that refuses where it is asked to; {@code WatchLimitIT} has a real one. */
@Timeout(60)
final class FallbackWatcherTest {

    private static final String WATCHES = "User limit of inotify watches reached";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path given;

    private final Logged log = new Logged(FallbackWatcher.class);
    private final Sightings seen = new Sightings(() -> this.file);

    private Path root = Path.of("");
    private volatile Path file = Path.of("");
    private @Nullable Watcher watching;

    /** Once, at the directory that is called so, with these words. */
    private record Refusing(String directory, AtomicReference<String> words) implements IgnoreFilter {

        @Override
        public boolean includes(Path path) {
            return false;
        }

        @Override
        public boolean includesDirectory(Path path) {
            if (path.endsWith(directory)) {
                String reason = words.getAndSet("");
                if (!reason.isEmpty()) {
                    throw new UncheckedIOException(new IOException(reason));
                }
            }
            return false;
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        root = given.toRealPath();
        file = root.resolve("App.java");
    }

    @AfterEach
    void close() {
        if (watching != null) {
            watching.close();
        }
        log.close();
    }

    private Watcher watch(String refusedDirectory, String words) {
        IgnoreFilter refusing = new Refusing(refusedDirectory, new AtomicReference<>(words));
        Watcher created = new FallbackWatcher(seen, refusing, WatcherKind.THREAD, false);
        watching = created;
        created.watch(List.of(root));
        return created;
    }

    private List<String> warnings() {
        return log.messages();
    }

    private void assertSeen(String content) throws Exception {
        Files.writeString(file, content);
        seen.await(content);
    }

    @Test
    void whenTheSystemRefusesItLooksByItselfAndSaysWhatToDo() throws Exception {
        Files.createDirectory(root.resolve("too-many"));
        watch("too-many", WATCHES);
        assertSeen("polled");
        assertEquals(
                List.of("can't watch for changes by events, so all files are looked at every 500 ms instead: " + WATCHES
                        + " (raise the limit: sudo sysctl fs.inotify.max_user_watches=524288)"),
                warnings());
    }

    @Test
    void theLimitOfInstancesIsAnotherOne() throws Exception {
        Files.createDirectory(root.resolve("too-many"));
        watch("too-many", "User limit of inotify instances reached or too many open files");
        assertSeen("polled");
        assertTrue(warnings().get(0).endsWith("sudo sysctl fs.inotify.max_user_instances=512)"), () -> "" + warnings());
    }

    @Test
    void whenTheSystemRefusesLaterNothingIsLost() throws Exception {
        Watcher watcher = watch("too-many", WATCHES);
        assertSeen("by an event");
        assertEquals(List.of(), warnings());
        file = root.resolve("too-many/deep/App.java");
        Files.createDirectories(file.getParent());
        assertSeen("just while it falls back, or later");
        Await.until("it has fallen back", () -> !warnings().isEmpty()); // the directory itself may be told of before
        watcher.watch(List.of(root));
        assertSeen("polled");
        file = root.resolve("App.java");
        assertSeen("polled as well");
        assertEquals(1, warnings().size(), "said once");
    }

    @Test
    void whatHasBeenClosedDoesNotFallBack() throws Exception {
        Watcher watcher = watch("too-many", WATCHES);
        assertSeen("by an event");
        watcher.close();
        Files.createDirectory(root.resolve("too-many"));
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(WatcherKind.THREAD)) {
                thread.join(20_000);
                assertFalse(thread.isAlive());
            }
        }
        assertEquals(List.of(), warnings());
    }
}
