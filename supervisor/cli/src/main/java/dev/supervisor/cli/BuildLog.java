package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.build.KeptLines;
import dev.supervisor.text.VisibleText;
import java.util.ArrayList;
import java.util.List;

/** What the last build has said, or the one that is running; as much of it as is kept. Thread-safe. */
final class BuildLog {

    private KeptLines kept = new KeptLines();
    private String command = "";

    synchronized void accept(Event event) {
        if (event instanceof Event.Building building) {
            kept = new KeptLines();
            command = building.command();
        } else if (event instanceof Event.BuildOutput output) {
            kept.add(VisibleText.of(output.line()));
        }
    }

    /** For people, with a line about them. */
    synchronized List<String> describe() {
        if (command.isEmpty()) {
            return List.of("nothing has been built (--build COMMAND)");
        }
        List<String> lines = kept.lines();
        List<String> all = new ArrayList<>();
        all.add("'" + command + "' has said " + (lines.stream().allMatch(String::isBlank) ? "nothing" : "this:"));
        lines.forEach(line -> all.add("  " + line));
        return all;
    }
}
