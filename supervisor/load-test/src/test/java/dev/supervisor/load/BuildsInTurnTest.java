package dev.supervisor.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.text.IoReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BuildsInTurnTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private static String reload(Reload builds, int number, Path place) throws Exception {
        builds.prepare(number);
        builds.apply(number);
        return Files.readString(place);
    }

    @Test
    void putsOneAfterTheOtherInPlaceAndBeginsAnew() throws Exception {
        Path place = directory.resolve("app.jar");
        BuildsInTurn builds =
                new BuildsInTurn(place, List.of(file("1", "one"), file("2", "two"), file("3", "three")), IoReason::of);
        List<String> seen = new ArrayList<>();
        List<Boolean> anew = new ArrayList<>();
        for (int number = 1; number <= 5; number++) {
            seen.add(reload(builds, number, place));
            anew.add(builds.beginsAnew());
        }
        assertEquals(List.of("one", "two", "three", "one", "two"), seen);
        assertEquals(List.of(false, false, false, true, false), anew);
        assertFalse(Files.exists(directory.resolve(".app.jar.next")));
    }

    @Test
    void passesOverWhatIsInPlace() throws Exception {
        Path place = file("app.jar", "one");
        BuildsInTurn builds = new BuildsInTurn(place, List.of(file("1", "one"), file("2", "two")), IoReason::of);
        assertEquals("two", reload(builds, 1, place));
        assertFalse(builds.beginsAnew());
        assertEquals("one", reload(builds, 2, place));
        assertTrue(builds.beginsAnew());
    }

    @Test
    void failsIfNothingWouldChange() throws Exception {
        Path place = file("app.jar", "one");
        BuildsInTurn builds = new BuildsInTurn(place, List.of(file("1", "one")), IoReason::of);
        assertThrows(LoadTestException.class, () -> builds.prepare(1));
    }

    @Test
    void saysInWordsWhyABuildCantBeCopied() throws Exception {
        Path build = file("1", "one");
        BuildsInTurn builds = new BuildsInTurn(directory.resolve("app.jar"), List.of(build), IoReason::of);
        Files.delete(build);
        LoadTestException failure = assertThrows(LoadTestException.class, () -> builds.prepare(1));
        assertEquals(
                "can't copy " + build + " to " + directory.toAbsolutePath().resolve(".app.jar.next")
                        + ": it does not exist",
                failure.getMessage());
    }

    @Test
    void refusesWhatIsNotThereOrIsThePlaceItself() throws Exception {
        Path place = file("app.jar", "one");
        assertThrows(
                LoadTestException.class, () -> new BuildsInTurn(place, List.of(directory.resolve("2")), IoReason::of));
        assertThrows(LoadTestException.class, () -> new BuildsInTurn(place, List.of(directory), IoReason::of));
        Path same = directory.resolve("x/../app.jar");
        assertThrows(LoadTestException.class, () -> new BuildsInTurn(place, List.of(same), IoReason::of));
    }
}
