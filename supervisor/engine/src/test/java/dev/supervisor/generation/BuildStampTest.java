package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class BuildStampTest {

    @TempDir
    Path temp;

    private static BuildStamp of(Path path) throws IOException {
        return BuildStamp.of(ClassPathRoot.whole(path));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(temp.resolve(name), content);
    }

    @Test
    void whatNobodyTouchesKeepsItsStamp() throws Exception {
        Path file = write("app.jar", "one");
        assertEquals(of(file), of(file));
        assertEquals(of(temp), of(temp));
    }

    @Test
    void sizeTimeAndIdentityAreTold() throws Exception {
        Path file = write("app.jar", "one");
        FileTime time = Files.getLastModifiedTime(file);
        BuildStamp before = of(file);

        write("app.jar", "three");
        Files.setLastModifiedTime(file, time);
        assertNotEquals(before, of(file), "another size");

        write("app.jar", "two");
        Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1000));
        assertNotEquals(before, of(file), "another time");

        Path other = write("other.jar", "two");
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertNotEquals(before, of(file), "another file");
    }

    @Test
    void eachFileOfADirectoryCounts() throws Exception {
        Files.createDirectories(temp.resolve("a/b"));
        write("a/b/C.class", "one");
        BuildStamp before = of(temp);
        write("a/b/C.class", "three");
        assertNotEquals(before, of(temp));
        before = of(temp);
        write("a/D.class", "");
        assertNotEquals(before, of(temp));
        before = of(temp);
        Files.delete(temp.resolve("a/D.class"));
        assertNotEquals(before, of(temp));
    }

    @Test
    void whatIsNotThereHasNone() {
        assertThrows(NoSuchFileException.class, () -> of(temp.resolve("none.jar")));
    }

    @Test
    void whatLiesBehindALinkCounts() throws Exception {
        Path real = Files.createDirectory(temp.resolve("v1"));
        Files.writeString(real.resolve("A.class"), "one");
        Path link = Files.createSymbolicLink(temp.resolve("current"), real);
        BuildStamp before = of(link);
        Files.writeString(real.resolve("A.class"), "three");
        assertNotEquals(before, of(link));
    }

    @Test
    void aFileThatWasMovedIntoPlaceIsNewAndOneWrittenInPlaceIsNot() throws Exception {
        Path file = write("app.jar", "one");
        Optional<BuildStamp> before = Optional.of(of(file));
        write("app.jar", "second");
        assertFalse(of(file).isNewFileSince(before));
        Files.move(write("next.jar", "third"), file, StandardCopyOption.REPLACE_EXISTING);
        assertTrue(of(file).isNewFileSince(before));
    }

    @Test
    void theFirstFileIsNotKnownToBeNew() throws Exception {
        assertFalse(of(write("app.jar", "one")).isNewFileSince(Optional.empty()));
    }

    @Test
    void aDirectoryIsNeverKnownToBeCompleteEvenIfItHasOnlyOneFile() throws Exception {
        Path classes = Files.createDirectory(temp.resolve("classes"));
        Path file = write("classes/A.class", "one");
        Optional<BuildStamp> before = Optional.of(of(classes));
        Files.move(write("next", "half"), file, StandardCopyOption.REPLACE_EXISTING);
        assertFalse(of(classes).isNewFileSince(before));
    }

    @Test
    void anotherContentOfTheSameSizeTimeAndIdentityIsSeen() throws Exception {
        Path file = write("app.jar", "one");
        FileTime time = FileTime.fromMillis(0);
        Files.setLastModifiedTime(file, time);
        BuildStamp before = of(file);
        awaitLaterThan(before);
        write("app.jar", "two");
        Files.setLastModifiedTime(file, time);
        assertNotEquals(before, of(file));
    }

    /** Times of file systems are coarse. */
    private void awaitLaterThan(BuildStamp stamp) throws IOException {
        Instant moment = Instant.now();
        while (!of(write("tick", "x")).changedAfter(moment)) {
            Thread.onSpinWait();
        }
        assertFalse(stamp.changedAfter(moment));
    }

    @Test
    void aRecentChangeIsKnownToBeOne() throws Exception {
        Path file = write("app.jar", "one");
        assertTrue(of(file).changedAfter(Instant.now().minusSeconds(60)));
        assertFalse(of(file).changedAfter(Instant.now().plusSeconds(60)));
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatIsNoRegularFileDoesNotCount() throws Exception {
        write("A.class", "x");
        BuildStamp before = of(temp);
        Files.createSymbolicLink(temp.resolve(".#A.java"), Path.of("me@host.1234:1700000000"));
        Files.createSymbolicLink(temp.resolve("self"), temp);
        Files.createSymbolicLink(temp.resolve("round"), temp.resolve("round"));
        Pipes.make(temp.resolve("pipe"));
        assertEquals(before, of(temp));
    }

    @Test
    void ofADirectoryInPlaceOnlyClassesCount() throws Exception {
        ClassPathRoot root = new ClassPathRoot(temp, true);
        Files.createDirectories(temp.resolve("a"));
        Files.createDirectories(temp.resolve(".git"));
        BuildStamp before = BuildStamp.of(root);
        write("app.log", "x");
        write(".git/B.class", "x");
        assertEquals(before, BuildStamp.of(root));
        write("a/B.class", "x");
        assertNotEquals(before, BuildStamp.of(root));
    }

    /** The exception is made by hand, since root can read all. */
    private void deniedIn(ClassPathRoot root, Path path) throws IOException {
        FileTree.throwUnlessIgnored(root, path, new AccessDeniedException(path.toString()));
    }

    @Test
    void aDirectoryThatCantBeReadDoesNotCountIfItLiesBesideTheBuild() throws Exception {
        Path foreign = temp.resolve("foreign");
        deniedIn(new ClassPathRoot(temp, true), foreign);
        assertThrows(AccessDeniedException.class, () -> deniedIn(new ClassPathRoot(temp, true), temp));
        assertThrows(
                AccessDeniedException.class,
                () -> deniedIn(ClassPathRoot.whole(temp), foreign),
                "it is the build's own");
    }
}
