package dev.supervisor.source;

import dev.supervisor.Problem.Line;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the lines of a file around one line. Returns no lines if the file does not exist, is too large, or is no text.
 */
final class Excerpt {

    private static final Logger LOG = LoggerFactory.getLogger(Excerpt.class);
    private static final int LINES_BEFORE = 5;
    private static final int LINES_AFTER = 5;
    private static final long MOST_BYTES = 4 << 20;
    private static final int LONGEST_LINE = 400;

    private Excerpt() {}

    /**
     * Returns the lines.
     *
     * @param number the number of the middle line, from 1
     */
    static List<Line> of(Path file, int number) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) { // a pipe would block
                return List.of();
            }
            return around(number, text(Files.readAllBytes(file)));
        } catch (IOException | RuntimeException e) {
            LOG.debug("can't read {}", file, e);
            return List.of();
        }
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static List<Line> around(int number, String text) {
        String[] lines = text.split("\r\n|\r|\n", -1);
        if (text.indexOf('\0') >= 0 || number < 1 || number > lines.length) {
            return List.of();
        }
        List<Line> around = new ArrayList<>();
        for (int i = Math.max(1, number - LINES_BEFORE); i <= Math.min(lines.length, number + LINES_AFTER); i++) {
            around.add(new Line(i, shortened(lines[i - 1]), i == number));
        }
        return around;
    }

    private static String shortened(String line) {
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "...";
    }
}
