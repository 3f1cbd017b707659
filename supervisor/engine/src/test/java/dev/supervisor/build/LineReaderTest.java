package dev.supervisor.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LineReaderTest {

    private static List<String> lines(Reader text) throws IOException {
        List<String> lines = new ArrayList<>();
        try (LineReader reader = new LineReader(text)) {
            for (Optional<String> line = reader.next(); line.isPresent(); line = reader.next()) {
                lines.add(line.get());
            }
        }
        return lines;
    }

    @Test
    void aLineEndsAsItDoesForJava() throws Exception {
        for (String text : List.of("", "a", "a\n", "\n", "\na", "a\r\nb\rc\nd", "\r", "\r\r\n\n\r", "a\n\rb\r\n\r\n")) {
            assertEquals(text.lines().toList(), lines(new StringReader(text)), text);
        }
    }

    @Test
    void ofALongLineTheBeginningIsThere() throws Exception {
        String longest = "x".repeat(LineReader.LONGEST);
        assertEquals(List.of(longest, "b"), lines(new StringReader(longest + "\nb")));
        for (String end : List.of("\n", "\r\n", "\r")) {
            List<String> lines = lines(new StringReader("a\n" + longest + "x".repeat(100_000) + end + "b\n"));
            assertEquals(3, lines.size());
            assertTrue(lines.get(1).startsWith(longest + " ... (the rest of this line"), lines.get(1));
            assertEquals("b", lines.get(2));
        }
    }

    @Test
    void whatHasNoEndIsReadAllTheSame() throws Exception {
        Reader endless = new Reader() {
            private long left = 1L << 25;

            @Override
            public int read(char[] to, int offset, int length) {
                left -= length;
                return left > 0 ? length : -1;
            }

            @Override
            public void close() {}
        };
        assertEquals(1, lines(endless).size());
    }

    @Test
    void aLineIsThereBeforeTheNextBegins() throws Exception {
        PipedWriter program = new PipedWriter();
        LineReader reader = new LineReader(new PipedReader(program));
        program.write("10%\r");
        assertEquals(Optional.of("10%"), reader.next(), "as progress bars say it");
        program.write("20%\r");
        assertEquals(Optional.of("20%"), reader.next());
        program.write("x".repeat(1000));
        program.close();
        assertEquals(1000, reader.next().orElseThrow().length());
    }
}
