package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.Watcher;
import dev.supervisor.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** With lines of {@code /proc/self/mountinfo} as Linux writes them. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
final class MountsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path given;

    private final List<String> lines = new ArrayList<>();
    private Path project = Path.of("");

    @BeforeEach
    void prepare() throws IOException {
        project = given.toRealPath();
        mount(Path.of("/"), "overlay");
    }

    private void mount(Path point, String type) {
        lines.add("36 35 98:0 /root " + point.toString().replace(" ", "\\040") + " rw,noatime shared:1 master:2 - "
                + type + " /dev/root rw,errors=continue");
    }

    private Set<Path> silentIn(Path... targets) {
        return Mounts.of(lines).silentIn(List.of(targets));
    }

    @Test
    void aFileThatIsAMountOfItsOwnIsSilent() throws Exception {
        Path jar = Files.createFile(project.resolve("the app.jar"));
        assertEquals(Set.of(), silentIn(jar));
        mount(jar, "ext4");
        assertEquals(Set.of(jar), silentIn(jar));
        assertEquals(Set.of(jar), silentIn(project), "in a watched directory");
        assertEquals(Set.of(), silentIn(project.resolve("other.jar")));
    }

    @Test
    void aDirectoryThatIsAMountIsSilentOnlyIfOthersWriteThere() throws Exception {
        Path classes = Files.createDirectories(project.resolve("classes"));
        mount(classes, "ext4");
        assertEquals(Set.of(), silentIn(classes, project));
        mount(classes, "nfs4");
        assertEquals(Set.of(classes), silentIn(classes), "the last mount of a place counts");
        assertEquals(Set.of(classes), silentIn(project));
        assertEquals(Set.of(classes.resolve("not/there")), silentIn(classes.resolve("not/there")));
        mount(classes, "fuse.fuse-overlayfs");
        assertEquals(Set.of(), silentIn(classes));
    }

    @Test
    void theInnermostMountCounts() throws Exception {
        mount(project, "virtiofs");
        Path local = Files.createDirectories(project.resolve("local"));
        mount(local, "tmpfs");
        assertEquals(Set.of(), silentIn(local));
        assertEquals(Set.of(project.resolve("app.jar")), silentIn(project.resolve("app.jar")));
    }

    @Test
    void whatIsNotUnderstoodIsLeftOut() {
        lines.add("nonsense");
        lines.add("");
        assertEquals(Set.of(), silentIn(project));
    }

    @Test
    void whatIsSilentIsPolled() throws Exception {
        Path jar = Files.writeString(project.resolve("app.jar"), "one");
        mount(jar, "ext4");
        List<Path> told = new CopyOnWriteArrayList<>();
        try (Watcher watcher = new MountsWatcher(
                told::add,
                () -> Mounts.of(lines),
                deaf -> new PollingWatcher(deaf, IgnoreFilter.editorFiles(), Duration.ofHours(1), WatcherKind.THREAD),
                silent -> new PollingWatcher(
                        silent, IgnoreFilter.editorFiles(), Duration.ofMillis(5), WatcherKind.THREAD))) {
            watcher.watch(List.of(jar));
            Files.writeString(jar, "second");
            Await.until("it has been seen", () -> told.equals(List.of(jar)));
        }
    }

    @Test
    void whatAnEventHasToldIsNotToldAgain() throws Exception {
        Path jar = Files.writeString(project.resolve("app.jar"), "one");
        List<Path> told = new CopyOnWriteArrayList<>();
        try (PollingWatcher polling =
                new PollingWatcher(told::add, IgnoreFilter.editorFiles(), Duration.ofHours(1), WatcherKind.THREAD)) {
            polling.watch(List.of(jar));
            Files.writeString(jar, "second");
            polling.note(jar);
            polling.poll();
            polling.poll();
            assertEquals(List.of(), told);
            Files.writeString(jar, "the third one");
            polling.poll();
            assertEquals(List.of(jar), told);
        }
    }

    @Test
    void whatChangesOnceMoreWithoutAnEventIsTold() throws Exception {
        Path source = Files.writeString(project.resolve("App.java"), "one");
        Path gone = Files.createDirectory(project.resolve("gone"));
        Files.createFile(gone.resolve("Old.java"));
        List<Path> told = new CopyOnWriteArrayList<>();
        try (PollingWatcher polling =
                new PollingWatcher(told::add, IgnoreFilter.editorFiles(), Duration.ofHours(1), WatcherKind.THREAD)) {
            polling.watch(List.of(project));
            Files.writeString(source, "second");
            polling.note(source);
            Files.writeString(source, "the third one");
            polling.poll();
            assertEquals(List.of(source), told);
            polling.poll();
            assertEquals(List.of(source), told, "once");

            Files.delete(gone.resolve("Old.java"));
            Files.delete(gone);
            polling.note(gone);
            polling.poll();
            assertEquals(List.of(source), told, "gone with its directory");
        }
    }

    @Test
    void whatIsInADirectoryThatAnEventHasToldOfIsTold() throws Exception {
        List<Path> told = new CopyOnWriteArrayList<>();
        try (PollingWatcher polling =
                new PollingWatcher(told::add, IgnoreFilter.editorFiles(), Duration.ofHours(1), WatcherKind.THREAD)) {
            polling.watch(List.of(project));
            polling.note(project);
            Path source = Files.writeString(project.resolve("App.java"), "one");
            polling.poll();
            polling.poll();
            assertEquals(List.of(source), told);
        }
    }
}
