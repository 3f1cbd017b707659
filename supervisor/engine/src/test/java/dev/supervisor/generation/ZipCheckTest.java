package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ZipCheckTest {

    @TempDir
    Path temp;

    private Path jar(String name, String text) throws IOException {
        return Jars.jar()
                .with("a.txt", text)
                .with("b.txt", text + text)
                .with("c.txt", text.repeat(1000))
                .writeTo(temp.resolve(name));
    }

    /** The first half of one over another that was there. */
    private Path mixed(Path over, Path with, int length) throws IOException {
        byte[] bytes = Files.readAllBytes(over);
        System.arraycopy(Files.readAllBytes(with), 0, bytes, 0, length);
        Path mixed = Files.write(temp.resolve("mixed.jar"), bytes);
        new ZipFile(mixed.toFile()).close(); // the JDK finds nothing wrong with it
        return mixed;
    }

    private Path stored(String name, String text) throws IOException {
        Path file = temp.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            CRC32 crc = new CRC32();
            crc.update(bytes);
            ZipEntry entry = new ZipEntry("a.txt");
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(bytes.length);
            entry.setCrc(crc.getValue());
            entry.setTime(0);
            zip.putNextEntry(entry);
            zip.write(bytes);
            zip.closeEntry();
            zip.setComment("a comment");
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aWholeJarIsInOrder(boolean contents) throws Exception {
        assertEquals(Optional.empty(), ZipCheck.problem(jar("app.jar", "one"), contents));
        assertEquals(Optional.empty(), ZipCheck.problem(stored("stored.jar", "one"), contents));
        assertEquals(Optional.empty(), ZipCheck.problem(Jars.jar().writeTo(temp.resolve("empty.jar")), contents));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatStandsBeforeAJarIsSkipped(boolean contents) throws Exception {
        byte[] jar = Files.readAllBytes(jar("app.jar", "one"));
        byte[] script = "#!/bin/sh\nexec java -jar \"$0\"\n".getBytes(StandardCharsets.UTF_8);
        byte[] both = Arrays.copyOf(script, script.length + jar.length);
        System.arraycopy(jar, 0, both, script.length, jar.length);
        assertEquals(Optional.empty(), ZipCheck.problem(Files.write(temp.resolve("x.jar"), both), contents));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void moreEntriesThanFitIntoAnOrdinaryZip(boolean contents) throws Exception {
        Path file = temp.resolve("large.jar");
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (int i = 0; i <= 0xffff; i++) {
                zip.putNextEntry(new ZipEntry(i + "/"));
            }
        }
        assertEquals(Optional.empty(), ZipCheck.problem(file, contents));
    }

    @Test
    void whenTheBeginningIsOfAnotherJarItIsNamed() throws Exception {
        Path old = jar("old.jar", "something longer");
        Path mixed = mixed(old, jar("new.jar", "two"), 70);
        assertEquals(Optional.of("its entry a.txt does not fit its central directory"), ZipCheck.problem(mixed, false));
    }

    @Test
    void aChecksumInALocalHeaderTellsThatItIsNewerThanTheDirectory() throws Exception {
        Path mixed = mixed(stored("old.jar", "one"), stored("new.jar", "two"), 30);
        assertTrue(ZipCheck.problem(mixed, false).isPresent());
    }

    @Test
    void onlyTheContentsTellOfAByteInTheMiddleOfAnEntry() throws Exception {
        Path mixed = stored("app.jar", "one");
        byte[] bytes = Files.readAllBytes(mixed);
        bytes[30 + bytes[26] + bytes[28]]++; // behind the name and the extra field
        Files.write(mixed, bytes);
        assertEquals(Optional.empty(), ZipCheck.problem(mixed, false));
        assertTrue(ZipCheck.problem(mixed, true).isPresent());
    }
}
