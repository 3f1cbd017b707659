package dev.supervisor.failure;

import dev.supervisor.Problem.Place;
import dev.supervisor.SupervisorException;
import java.io.IOException;

/** Shows the developer a place in a file. Must not block for long. */
@FunctionalInterface
public interface Editor {

    /**
     * Opens the place.
     *
     * @throws IOException if the editor can't be started
     */
    void open(Place place) throws IOException;

    /**
     * Returns an editor that is started by a command, without a shell: {@code code -g {file}:{line}:{column}}.
     *
     * @param template the words of the command, quoted where they contain blanks; {@code {file}}, {@code {line}} and
     *     {@code {column}} are replaced
     * @throws SupervisorException if the template can't be parsed, or has no {@code {file}}
     */
    static Editor command(String template) {
        return EditorCommand.parse(template);
    }
}
