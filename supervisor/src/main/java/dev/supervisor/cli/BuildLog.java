package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.failure.PlainText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What the last build has said, or the one that is running; the last lines of it, if that is much. Thread-safe. */
final class BuildLog {

    private static final int MOST_LINES = 2000;

    private final Deque<String> lines = new ArrayDeque<>();
    private String command = "";
    private int dropped;

    synchronized void accept(Event event) {
        if (event instanceof Event.Building building) {
            lines.clear();
            dropped = 0;
            command = building.command();
        } else if (event instanceof Event.BuildOutput output) {
            add(PlainText.visible(output.line()));
        }
    }

    private void add(String line) {
        if (lines.size() == MOST_LINES) {
            lines.removeFirst();
            dropped++;
        }
        lines.addLast(line);
    }

    /** For people, with a line about them. */
    synchronized List<String> describe() {
        if (command.isEmpty()) {
            return List.of("nothing has been built (--build COMMAND)");
        }
        List<String> all = new ArrayList<>();
        all.add("'" + command + "' has said " + (lines.isEmpty() ? "nothing" : "this:"));
        if (dropped > 0) {
            all.add("  … " + dropped + (dropped == 1 ? " line" : " lines") + " before these, which were not kept");
        }
        lines.forEach(line -> all.add("  " + line));
        return all;
    }
}
