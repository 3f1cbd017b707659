package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides how the transcript shows builds. Thread-safe. */
interface BuildView extends AutoCloseable {

    int MOST_LINES = 30;

    /**
     * Returns the text to print for an event; empty if the event is shown in another way.
     *
     * @param application its name if there are several
     */
    Optional<String> text(Optional<String> application, Event event);

    /** Called when events were dropped, perhaps the end of a build among them. */
    default void linesWereLost() {}

    /** Stops showing builds. Idempotent. */
    @Override
    default void close() {}

    /** Returns a view that prints a build's output as it comes, and so does not repeat it when the build fails. */
    static BuildView streamed() {
        return (application, event) -> Optional.of(
                event instanceof Event.Failed failed
                                && !failed.problem().output().isEmpty()
                        ? EventText.brief(failed)
                        : EventText.of(event));
    }

    /**
     * Returns a view for {@code --quiet}: a failure includes the last lines of the output, which has not been printed.
     */
    static BuildView quiet() {
        return (application, event) ->
                Optional.of(event instanceof Event.Failed failed ? why(failed, "") : EventText.of(event));
    }

    /**
     * Returns the text of a failure: with the places of errors that compilers reported or, if there are none, with the
     * last lines of the build's output.
     *
     * @param wayToAll how to see the whole output; appended if lines are left out
     */
    static String why(Event.Failed failed, String wayToAll) {
        Problem problem = failed.problem();
        List<String> output = problem.output();
        if (output.isEmpty() || !problem.places().isEmpty()) {
            return EventText.of(failed);
        }
        List<String> lines = new ArrayList<>(output.subList(Math.max(0, output.size() - MOST_LINES), output.size()));
        int left = problem.said() - lines.size();
        if (left > 0) {
            lines.add(0, "... " + left + (left == 1 ? " line" : " lines") + " before these" + wayToAll);
        }
        return EventText.with(failed, lines);
    }
}
