package dev.supervisor.cli;

import dev.supervisor.Event;
import java.util.List;
import java.util.Optional;

/** Keeps the last result of tests. Thread-safe. */
final class TestLog {

    private volatile Optional<Event> last = Optional.empty();

    void accept(Event event) {
        if (event instanceof Event.Tested || event instanceof Event.NotTested) {
            last = Optional.of(event);
        }
    }

    /** Returns the lines for the terminal; none if no tests have been run. */
    List<String> describe() {
        return last.map(event -> ("tests: " + EventText.of(event)).lines().toList())
                .orElse(List.of());
    }
}
