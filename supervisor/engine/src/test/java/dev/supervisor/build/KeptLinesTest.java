package dev.supervisor.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class KeptLinesTest {

    private final KeptLines kept = new KeptLines();

    @Test
    void allOfLittleIsKept() {
        assertTrue(kept.isEmpty());
        List<String> all =
                IntStream.rangeClosed(1, 2000).mapToObj(i -> "line " + i).toList();
        all.forEach(kept::add);
        assertEquals(all, kept.lines());
        assertEquals(0, kept.dropped());
    }

    @Test
    void ofManyLinesThoseInTheMiddleAreDropped() {
        IntStream.rangeClosed(1, 2003).mapToObj(i -> "line " + i).forEach(kept::add);
        List<String> lines = kept.lines();
        assertEquals(3, kept.dropped());
        assertEquals("line 1", lines.get(0));
        assertEquals(
                List.of("line 500", "... 3 lines between these, not kept ...", "line 504"), lines.subList(499, 502));
        assertEquals("line 2003", lines.get(lines.size() - 1));
    }

    @Test
    void ofLongLinesAsManyAreKeptAsAMegabyteHas() {
        for (int i = 0; i < 1999; i++) {
            kept.add(String.valueOf(i % 10).repeat(LineReader.LONGEST));
        }
        List<String> lines = kept.lines();
        assertTrue(lines.stream().mapToInt(String::length).sum() <= (1 << 20) + 100, "with the line for the others");
        assertEquals(1999, lines.size() - 1 + kept.dropped());
        assertTrue(lines.get(0).startsWith("0") && lines.get(lines.size() - 1).startsWith("8"));
    }
}
