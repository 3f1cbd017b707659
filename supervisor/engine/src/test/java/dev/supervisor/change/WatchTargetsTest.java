package dev.supervisor.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchTargetsTest {

    @TempDir
    Path given;

    private Path temp = Path.of("");

    @BeforeEach
    void resolve() throws IOException {
        temp = given.toRealPath();
    }

    @Test
    void aTargetIncludesItselfAndWhatLiesInIt() {
        WatchTargets targets = new WatchTargets(List.of(temp.resolve("classes")));
        assertTrue(targets.include(temp.resolve("classes")));
        assertTrue(targets.include(temp.resolve("classes/a/B.class")));
        assertFalse(targets.include(temp.resolve("classes2")));
        assertFalse(targets.include(temp));
    }

    @Test
    void whatIsOnTheWayToATargetLiesBefore() {
        WatchTargets targets = new WatchTargets(List.of(temp.resolve("build/app.jar")));
        assertTrue(targets.lieBehind(temp));
        assertTrue(targets.lieBehind(temp.resolve("build")));
        assertTrue(targets.lieBehind(temp.getRoot()));
        assertFalse(targets.lieBehind(temp.resolve("build/other")));
        assertFalse(targets.lieBehind(temp.resolve("bui")));
    }

    @Test
    void pathsAreMadeAbsoluteAndPlain() {
        WatchTargets targets = new WatchTargets(List.of(temp.resolve("a/../b/./c.jar")));
        assertEquals(Set.of(temp.resolve("b/c.jar")), targets.paths());
        Path relative = Path.of("not-there.jar");
        assertTrue(new WatchTargets(List.of(relative)).include(relative.toAbsolutePath()));
    }

    @Test
    void whereALinkLeadsMattersToo() throws Exception {
        Path real = Files.createDirectory(temp.resolve("v1"));
        Files.createFile(real.resolve("app.jar"));
        Path link = Files.createSymbolicLink(temp.resolve("current"), Path.of("v1"));
        WatchTargets targets = new WatchTargets(List.of(link.resolve("app.jar")));
        assertEquals(Set.of(link.resolve("app.jar"), real.resolve("app.jar")), targets.paths());
    }

    @Test
    void whereALinkWillLeadMattersBeforeTheTargetIsThere() throws Exception {
        Path real = Files.createDirectory(temp.resolve("v1"));
        Path link = Files.createSymbolicLink(temp.resolve("current"), Path.of("v1"));
        WatchTargets targets = new WatchTargets(List.of(link.resolve("build/app.jar")));
        assertEquals(Set.of(link.resolve("build/app.jar"), real.resolve("build/app.jar")), targets.paths());
    }
}
