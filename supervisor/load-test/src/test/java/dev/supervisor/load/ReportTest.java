package dev.supervisor.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.load.LoadResult.LongestStall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final int COLUMNS = 80;

    @Test
    void theLineOfASecondFitsIntoATerminal() {
        String line = Report.line(new LoadProgress(999.9, 1_234_567, 99.999, 999.99, 999.99, 64, 999, 0));
        assertEquals("999.9 s 1234567/s  p50 100.00  p99 999.99  max 999.99 ms  999 reloads  0 failed", line);
        assertTrue(line.length() <= COLUMNS, line);
        assertEquals(
                "  2.0 s       0/s  64 in flight, none answered  1 reload  3 FAILED",
                Report.line(new LoadProgress(2, 0, null, null, null, 64, 1, 3)));
    }

    @Test
    void soDoesEachLineOfTheResult() {
        Map<String, Double> latency = new LinkedHashMap<>();
        for (String name : List.of("mean", "p50", "p75", "p90", "p99", "p99.9", "p99.99", "max")) {
            latency.put(name, 999.999);
        }
        LoadResult result = new LoadResult(
                "http://127.0.0.1:8888/",
                "127.0.0.1",
                "open",
                1_234_567.0,
                "mixed",
                10_000,
                16,
                2,
                "2026-01-01T00:00:00Z",
                600,
                true,
                123_456_789,
                123_456_789,
                1_234_567.8,
                latency,
                List.of(),
                0,
                Map.of(),
                List.of(),
                10_000,
                0,
                new LongestStall(12_345.678, 599.999),
                1_234_567,
                1_234_567,
                List.of(),
                List.of());
        List<String> lines = Report.lines(result);
        assertTrue(lines.stream().allMatch(line -> line.length() <= COLUMNS), () -> String.join("\n", lines));
        assertTrue(
                lines.contains("  latency          mean 999.999  p50 999.999  p75 999.999  p90 999.999"),
                () -> String.join("\n", lines));
    }
}
