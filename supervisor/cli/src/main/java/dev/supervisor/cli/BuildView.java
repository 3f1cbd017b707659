package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How builds are shown. Thread-safe. */
interface BuildView extends AutoCloseable {

    int MOST_LINES = 30;

    /** What is to be printed of an event; nothing if it is shown in another way. */
    Optional<String> text(Event event);

    /** Events were lost, and with them perhaps the end of a build. */
    default void linesWereLost() {}

    /** Shows nothing any more. Idempotent. */
    @Override
    default void close() {}

    /** What a build says is printed as it comes, and so not a second time when it has failed. */
    static BuildView streamed() {
        return event -> Optional.of(
                event instanceof Event.Failed failed
                                && !failed.problem().output().isEmpty()
                        ? EventText.brief(failed)
                        : EventText.of(event));
    }

    /** What a build says has not been printed. */
    static BuildView quiet() {
        return event -> Optional.of(event instanceof Event.Failed failed ? why(failed, "") : EventText.of(event));
    }

    /**
     * Where compilers have found errors; or, if nobody knows that, the last lines that the build has said.
     *
     * @param wayToAll how to see all of them, if there are more
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
            lines.add(0, "… " + left + (left == 1 ? " line" : " lines") + " before these" + wayToAll);
        }
        return EventText.with(failed, lines);
    }
}
