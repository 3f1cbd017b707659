package dev.supervisor.failure;

import dev.supervisor.Problem.Place;
import dev.supervisor.SupervisorException;
import java.io.IOException;

/** Shows the developer a place in a file. Must not block for long. */
@FunctionalInterface
public interface Editor {

    /** @throws IOException if it can't be started */
    void open(Place place) throws IOException;

    /**
     * A command, started without a shell: {@code code -g {file}:{line}:{column}}.
     *
     * @param template words, quoted where they have blanks, in which {@code {file}}, {@code {line}} and {@code {column}}
     *     are replaced
     * @throws SupervisorException if it can't be understood, or has no {@code {file}}
     */
    static Editor command(String template) {
        return EditorCommand.parse(template);
    }
}
