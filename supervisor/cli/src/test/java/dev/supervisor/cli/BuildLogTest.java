package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BuildLogTest {

    private final BuildLog log = new BuildLog();

    private void build(String... output) {
        log.accept(new Event.Building("make"));
        for (String each : output) {
            log.accept(new Event.BuildOutput(each));
        }
    }

    @Test
    void itHasWhatTheLastBuildHasSaid() {
        assertEquals(List.of("nothing has been built (--build COMMAND)"), log.describe());
        build("old");
        build("one", "\u001b[31mtwo\u001b[0m");
        log.accept(new Event.Built(Duration.ZERO, 0));
        assertEquals(List.of("'make' has said this:", "  one", "  two"), log.describe());
        build();
        assertEquals(List.of("'make' has said nothing"), log.describe());
    }

    @Test
    void itIsBounded() {
        build();
        for (int i = 1; i <= 2003; i++) {
            log.accept(new Event.BuildOutput("line " + i));
        }
        List<String> lines = log.describe();
        assertEquals("  line 1", lines.get(1));
        assertEquals("  ... 3 lines between these, not kept ...", lines.get(501));
        assertEquals("  line 2003", lines.get(lines.size() - 1));
        assertEquals(2002, lines.size());
    }
}
