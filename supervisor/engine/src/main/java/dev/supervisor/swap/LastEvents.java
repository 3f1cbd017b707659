package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.Problem;
import java.util.Optional;
import java.util.function.Consumer;

/** The last swap, and the problem of the newest build, as events have told of them. Thread-safe. */
public final class LastEvents implements Consumer<Event> {

    private volatile Optional<Event.Serving> serving = Optional.empty();
    private volatile Optional<Problem> problem = Optional.empty();

    @Override
    public void accept(Event event) {
        if (event instanceof Event.Serving now) {
            serving = Optional.of(now);
            problem = Optional.empty();
        } else if (event instanceof Event.Unchanged) {
            problem = Optional.empty();
        } else if (event instanceof Event.Failed failed) {
            problem = Optional.of(failed.problem());
        }
    }

    public Optional<Event.Serving> serving() {
        return serving;
    }

    /** Returns why the newest build does not serve; empty while it does. */
    public Optional<Problem> problem() {
        return problem;
    }
}
