package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StampTest {

    @TempDir
    Path temp;

    private Path write(String name, String content) throws IOException {
        return Files.writeString(temp.resolve(name), content);
    }

    @Test
    void whatNobodyTouchesKeepsItsStamp() throws Exception {
        Path file = write("app.jar", "one");
        assertEquals(Stamp.of(file), Stamp.of(file));
        assertEquals(Stamp.of(temp), Stamp.of(temp));
    }

    @Test
    void sizeTimeAndIdentityAreTold() throws Exception {
        Path file = write("app.jar", "one");
        FileTime time = Files.getLastModifiedTime(file);
        Stamp before = Stamp.of(file);

        write("app.jar", "three");
        Files.setLastModifiedTime(file, time);
        assertNotEquals(before, Stamp.of(file), "another size");

        write("app.jar", "two");
        Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1000));
        assertNotEquals(before, Stamp.of(file), "another time");

        Path other = write("other.jar", "two");
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertNotEquals(before, Stamp.of(file), "another file");
    }

    @Test
    void eachFileOfADirectoryCounts() throws Exception {
        Files.createDirectories(temp.resolve("a/b"));
        write("a/b/C.class", "one");
        Stamp before = Stamp.of(temp);
        write("a/b/C.class", "three");
        assertNotEquals(before, Stamp.of(temp));
        before = Stamp.of(temp);
        write("a/D.class", "");
        assertNotEquals(before, Stamp.of(temp));
        before = Stamp.of(temp);
        Files.delete(temp.resolve("a/D.class"));
        assertNotEquals(before, Stamp.of(temp));
    }

    @Test
    void whatIsNotThereHasNone() {
        assertThrows(NoSuchFileException.class, () -> Stamp.of(temp.resolve("none.jar")));
    }

    @Test
    void whatLiesBehindALinkCounts() throws Exception {
        Path real = Files.createDirectory(temp.resolve("v1"));
        Files.writeString(real.resolve("A.class"), "one");
        Path link = Files.createSymbolicLink(temp.resolve("current"), real);
        Stamp before = Stamp.of(link);
        Files.writeString(real.resolve("A.class"), "three");
        assertNotEquals(before, Stamp.of(link));
    }

    @Test
    void aFileThatWasMovedIntoPlaceIsNewAndOneWrittenInPlaceIsNot() throws Exception {
        Path file = write("app.jar", "one");
        Optional<Stamp> before = Optional.of(Stamp.of(file));
        write("app.jar", "second");
        assertFalse(Stamp.of(file).isNewFileSince(before));
        Files.move(write("next.jar", "third"), file, StandardCopyOption.REPLACE_EXISTING);
        assertTrue(Stamp.of(file).isNewFileSince(before));
    }

    @Test
    void theFirstFileIsNotKnownToBeNew() throws Exception {
        assertFalse(Stamp.of(write("app.jar", "one")).isNewFileSince(Optional.empty()));
    }

    @Test
    void aDirectoryIsNeverKnownToBeCompleteEvenIfItHasOnlyOneFile() throws Exception {
        Path classes = Files.createDirectory(temp.resolve("classes"));
        Path file = write("classes/A.class", "one");
        Optional<Stamp> before = Optional.of(Stamp.of(classes));
        Files.move(write("next", "half"), file, StandardCopyOption.REPLACE_EXISTING);
        assertFalse(Stamp.of(classes).isNewFileSince(before));
    }
}
