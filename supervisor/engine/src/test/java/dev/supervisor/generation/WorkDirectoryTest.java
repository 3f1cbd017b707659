package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class WorkDirectoryTest {

    @TempDir
    Path temp;

    private WorkDirectory create() throws IOException {
        return WorkDirectory.create(Optional.of(temp), Map.of());
    }

    /** As a killed supervisor leaves it, an hour ago. */
    private Path abandoned(Path lock) throws Exception {
        Path directory;
        try (WorkDirectory living = create()) {
            directory = living.path().resolveSibling(living.path().getFileName() + "-killed");
        }
        Files.createDirectory(directory);
        Files.move(lock, directory.resolve("lock"));
        // not by Java, which opens a file for that
        assertEquals(
                0,
                new ProcessBuilder(
                                "touch",
                                "-h",
                                "-d",
                                "1 hour ago",
                                directory.resolve("lock").toString())
                        .inheritIO()
                        .start()
                        .waitFor());
        return directory;
    }

    @Test
    void itIsTheUsersAlone() throws Exception {
        try (WorkDirectory directory = create()) {
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())));
        }
    }

    @Test
    void itIsMadeWhereTheUserSaysAlsoIfThatIsNotThereYet() throws Exception {
        Path chosen = temp.resolve("a/b");
        try (WorkDirectory directory = WorkDirectory.create(Optional.of(chosen), Map.of())) {
            assertEquals(chosen.toRealPath(), directory.path().getParent());
        }
    }

    @Test
    void otherwiseAServicesDirectoryWinsThenThatOfTheUser() throws Exception {
        Path service = Files.createDirectory(temp.resolve("service"));
        Path user = Files.createDirectory(temp.resolve("user"));
        Map<String, String> both = Map.of("RUNTIME_DIRECTORY", service + ":/run/other", "TMPDIR", user.toString());
        assertEquals(service, WorkDirectory.usualParent(both));
        assertEquals(user, WorkDirectory.usualParent(Map.of("TMPDIR", user.toString())));
        Path fallback = Path.of(System.getProperty("java.io.tmpdir"));
        assertEquals(fallback, WorkDirectory.usualParent(Map.of("TMPDIR", "", "RUNTIME_DIRECTORY", temp + "/none")));
    }

    @Test
    void onceItWasDeletedAnotherIsMade() throws Exception {
        try (WorkDirectory directory = create()) {
            Path first = directory.path();
            Deletion.deleteAll(first);
            Path second = directory.path();
            assertNotEquals(first, second);
            assertTrue(Files.exists(second.resolve("lock")));
            assertEquals(second, directory.path());
        }
        try (var left = Files.list(temp)) {
            assertEquals(0, left.count());
        }
    }

    /** As when there are no more descriptors. */
    private static FileChannel fails(Path directory) throws IOException {
        Files.createFile(directory.resolve("lock"));
        throw new IOException("Too many open files");
    }

    private long directories() throws IOException {
        try (var left = Files.list(temp)) {
            return left.count();
        }
    }

    @Test
    void oneThatCantBeLockedIsDeleted() throws Exception {
        assertThrows(
                IOException.class, () -> WorkDirectory.create(Optional.of(temp), Map.of(), WorkDirectoryTest::fails));
        assertEquals(0, directories());
    }

    @Test
    void oneThatCantBeLockedDoesNotTakeThePlaceOfOneThatWasDeleted() throws Exception {
        AtomicInteger made = new AtomicInteger();
        WorkDirectory.Locking failsOnce = path -> made.getAndIncrement() == 1
                ? fails(path)
                : FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (WorkDirectory directory = WorkDirectory.create(Optional.of(temp), Map.of(), failsOnce)) {
            Path first = directory.path();
            Deletion.deleteAll(first);
            assertThrows(IOException.class, directory::path);
            assertEquals(0, directories());
            Path second = directory.path();
            assertEquals(3, made.get());
            assertTrue(Files.exists(second.resolve("lock")));
        }
    }

    @Test
    void aLinkInItsPlaceIsNotFollowed() throws Exception {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Path file = Files.createFile(elsewhere.resolve("lock"));
        WorkDirectory directory = create();
        Path path = directory.path();
        Deletion.deleteAll(path);
        Files.createSymbolicLink(path, elsewhere);
        assertNotEquals(path, directory.path());
        directory.close();
        assertTrue(Files.exists(file));
    }

    @Test
    void aFileIsMarkedAsNotToBeCleanedAway() throws Exception {
        Path file = Files.createFile(temp.resolve("app.jar"));
        WorkDirectory.keep(file);
        assertEquals(01000, (int) Files.getAttribute(file, "unix:mode") & 01000);
        assertTrue(Files.isReadable(file));
    }

    @Test
    void whatAKilledSupervisorLeftIsDeletedButNothingBehindALink() throws Exception {
        Path precious =
                Files.createFile(Files.createDirectory(temp.resolve("precious")).resolve("file"));
        Path abandoned = abandoned(Files.createFile(temp.resolve("a")));
        Files.createDirectories(abandoned.resolve("7/classes"));
        Files.createSymbolicLink(abandoned.resolve("7/classes/link"), temp.resolve("precious"));
        create().close();
        assertFalse(Files.exists(abandoned));
        assertTrue(Files.exists(precious));
    }

    @Test
    void aLinkToADirectoryIsNotTakenForOneThatWasLeft() throws Exception {
        Path abandoned = abandoned(Files.createFile(temp.resolve("a")));
        Path elsewhere = temp.resolve("elsewhere");
        Files.move(abandoned, elsewhere);
        Files.createSymbolicLink(abandoned, elsewhere);
        create().close();
        assertTrue(Files.exists(elsewhere.resolve("lock")));
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeInThePlaceOfTheLockIsNotOpened() throws Exception {
        Path abandoned = abandoned(Pipes.make(temp.resolve("pipe")));
        create().close();
        assertTrue(Files.exists(abandoned));
    }

    @Test
    void neitherIsALink() throws Exception {
        Path lock = Files.createFile(temp.resolve("real"));
        Path abandoned = abandoned(Files.createSymbolicLink(temp.resolve("link"), lock));
        create().close();
        assertTrue(Files.exists(abandoned));
    }
}
