package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "symbolic links are not for every user")
final class KnownFilesTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path given;

    private Path source = Path.of("");
    private Path elsewhere = Path.of("");

    @BeforeEach
    void prepare() throws IOException {
        source = Files.createDirectory(given.toRealPath().resolve("src"));
        elsewhere = Files.createDirectory(given.toRealPath().resolve("elsewhere"));
    }

    /** What a watcher knows that begins now. */
    private KnownFiles begun() throws IOException {
        KnownFiles known = new KnownFiles();
        new TargetVisitor(new WatchTargets(List.of(source)), IgnoreFilter.editorFiles(), known::note)
                .recursiveVisitFiles(source, directory -> {}, file -> {});
        return known;
    }

    @Test
    void aLinkThatAnEventHasToldOfIsKnownToTheNextWatcher() throws Exception {
        KnownFiles known = begun();
        Path file = Files.writeString(elsewhere.resolve("App.java"), "one");
        Path toFile = Files.createSymbolicLink(source.resolve("App.java"), file);
        Path toDirectory = Files.createSymbolicLink(source.resolve("more"), elsewhere);
        Path toNothing = Files.createSymbolicLink(source.resolve("lock"), source.resolve("none"));
        assertTrue(known.noteNow(toFile));
        assertTrue(known.noteNow(toDirectory));
        assertFalse(known.noteNow(toNothing));
        assertEquals(Optional.empty(), begun().firstDifferenceFrom(known));

        Files.createFile(elsewhere.resolve("Other.java"));
        assertEquals(Optional.empty(), begun().firstDifferenceFrom(known));
        Files.writeString(file, "second");
        assertEquals(Optional.of(toFile), begun().firstDifferenceFrom(known));
    }
}
