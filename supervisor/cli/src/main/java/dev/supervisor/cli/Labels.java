package dev.supervisor.cli;

import java.util.List;
import java.util.Optional;

/**
 * What stands before each line about one of several applications: its name, in a color of its own.
 *
 * @param names of the applications; none if there is only one
 */
record Labels(List<String> names) {

    static final Labels NONE = new Labels(List.of());

    private static final List<String> COLORS = List.of("36", "35", "34", "96", "95", "94");

    Labels {
        names = List.copyOf(names);
    }

    /** Returns the label, all of which have the same width; nothing if there is no application. */
    String of(Optional<String> application, boolean colors) {
        if (names.isEmpty() || application.isEmpty()) {
            return "";
        }
        String name = application.get();
        int width = names.stream().mapToInt(String::length).max().orElse(0);
        String label = name + " ".repeat(Math.max(0, width - name.length())) + " | ";
        return colors
                ? "\u001b[" + COLORS.get(Math.max(0, names.indexOf(name)) % COLORS.size()) + "m" + label + "\u001b[0m"
                : label;
    }
}
