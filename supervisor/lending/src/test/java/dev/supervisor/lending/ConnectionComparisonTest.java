package dev.supervisor.lending;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.lending.Comparison.Allowed;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ConnectionComparisonTest {

    private static final int CASES = Integer.getInteger("lending.cases", 3000);
    private static final int LENGTH = 40;

    private static final List<Allowed> ALLOWED = List.of();

    @Test
    void aLentConnectionAnswersAsOneOfTheJdk() throws Exception {
        try (ServerSocketChannel listener = Side.listen()) {
            Comparison<Side> comparison = new Comparison<>(
                    () -> Side.lent(listener),
                    () -> Side.real(listener),
                    Side::normal,
                    ConnectionOperations.all(),
                    ALLOWED);
            Map<String, String> differences = comparison.differences(CASES, LENGTH);
            assertEquals(List.of(), comparison.neverPerformed());
            if (!differences.isEmpty()) {
                StringBuilder b = new StringBuilder();
                differences.forEach((difference, example) -> b.append(difference).append("\n      ").append(example).append('\n'));
                java.nio.file.Files.writeString(java.nio.file.Path.of("/tmp/differences.txt"), b);
            }
            assertEquals(Map.of(), differences);
        }
    }
}
