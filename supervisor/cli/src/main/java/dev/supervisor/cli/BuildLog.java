package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.build.KeptLines;
import dev.supervisor.text.VisibleText;
import java.util.ArrayList;
import java.util.List;

/** Keeps the output of the build command's current or last run, as far as {@link KeptLines} does. Thread-safe. */
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

    /** Returns the kept lines below a heading, for the terminal. */
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
