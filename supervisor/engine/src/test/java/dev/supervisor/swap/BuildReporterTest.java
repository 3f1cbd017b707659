package dev.supervisor.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.Event;
import dev.supervisor.OnBusy;
import dev.supervisor.SupervisorOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BuildReporterTest {

    private static final Path SOURCE = Path.of("app.log");

    private final List<Event> told = new ArrayList<>();
    private final BuildReporter events = BuildReporter.of(
            new SupervisorOptions.BuildTool(
                    "make", Path.of(""), List.of(Path.of("src")), List.of(), Duration.ZERO, OnBusy.RESTART),
            told::add);

    private void turn(boolean settled) {
        if (!settled) {
            events.unsettled(SOURCE);
        }
        events.began();
        events.ended(new ApplicationBuilder.Built(Duration.ZERO));
    }

    @Test
    void thatSourcesDontSettleIsSaidOnceUntilTheyDo() {
        for (boolean settled : new boolean[] {true, false, false, false, true, false}) {
            turn(settled);
        }
        List<Event> unsettled =
                told.stream().filter(Event.Unsettled.class::isInstance).toList();
        assertEquals(List.of(new Event.Unsettled(SOURCE, false), new Event.Unsettled(SOURCE, false)), unsettled);
    }
}
