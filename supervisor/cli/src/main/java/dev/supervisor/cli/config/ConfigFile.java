package dev.supervisor.cli.config;

import dev.supervisor.SupervisorException;
import dev.supervisor.text.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Reads the text of a configuration file, and no more than a {@link ConfigReader} takes. */
public final class ConfigFile {

    /** Each character of a text in Java takes at most three. */
    private static final int MOST_BYTES = 3 * ConfigReader.MOST_CHARACTERS;

    private ConfigFile() {}

    /**
     * Reads a file.
     *
     * @throws SupervisorException if it can't be read
     * @throws ConfigException if it is too large
     */
    public static String read(Path file) throws ConfigException {
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) { // it may have no end
                throw new SupervisorException("the configuration file '" + file + "' is no file");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(bytes(file)).toString();
        } catch (NoSuchFileException e) {
            throw new SupervisorException("there is no configuration file '" + file + "'", e);
        } catch (CharacterCodingException e) {
            throw new SupervisorException("the configuration file '" + file + "' is not in UTF-8", e);
        } catch (IOException e) {
            throw new SupervisorException("can't read the configuration file '" + file + "': " + IoReason.of(e), e);
        }
    }

    /** Reads a file that may grow meanwhile, or have a size that is no true one. */
    private static ByteBuffer bytes(Path file) throws IOException, ConfigException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw ConfigReader.tooLarge();
            }
            return ByteBuffer.wrap(bytes);
        }
    }
}
