package dev.supervisor.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.supervisor.SupervisorException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class ConfigFileTest {

    @TempDir
    private Path directory;

    private static String refusal(Path file) {
        return String.valueOf(assertThrows(SupervisorException.class, () -> ConfigFile.read(file))
                .getMessage());
    }

    private Path file() {
        return directory.resolve("a.yaml");
    }

    @Test
    void aFileIsRead() throws Exception {
        assertEquals("größer: €\n", ConfigFile.read(Files.writeString(file(), "größer: €\n")));
    }

    @Test
    void aFileOfTheMostCharactersIsReadHoweverManyBytesTheyHave() throws Exception {
        String text = "€".repeat(ConfigReader.MOST_CHARACTERS);
        assertEquals(text, ConfigFile.read(Files.writeString(file(), text)));
    }

    @Test
    void aLargeFileIsNotRead() throws Exception {
        Files.write(file(), new byte[3 * ConfigReader.MOST_CHARACTERS + 1]);
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigFile.read(file()));
        assertEquals(
                "a.yaml:1:1: the file is too large: at most 1048576 characters are read",
                e.problems().get(0).in("a.yaml"));
    }

    @Test
    void anotherEncodingIsRefused() throws Exception {
        Files.write(file(), new byte[] {'a', (byte) 0xe4});
        assertEquals("the configuration file '" + file() + "' is not in UTF-8", refusal(file()));
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertEquals("there is no configuration file '" + file() + "'", refusal(file()));
    }

    @Test
    void aDirectoryIsNoFile() {
        assertEquals("the configuration file '" + directory + "' is no file", refusal(directory));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "has these files")
    void whatHasNoEndIsNoFile() throws Exception {
        Path zero = Path.of("/dev/zero");
        assertEquals("the configuration file '" + zero + "' is no file", refusal(zero));
        assertEquals(0, new ProcessBuilder("mkfifo", file().toString()).start().waitFor());
        assertEquals("the configuration file '" + file() + "' is no file", refusal(file()));
    }
}
