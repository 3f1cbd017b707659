package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.Problem;
import dev.supervisor.failure.TestsText;
import java.util.Optional;
import java.util.function.Consumer;

/** The last swap, the problem of the newest build, and the last result of tests, as events have told of them. Thread-safe. */
public final class LastEvents implements Consumer<Event> {

    private volatile Optional<Event.Serving> serving = Optional.empty();
    private volatile Optional<Problem> problem = Optional.empty();

    private volatile Optional<String> tests = Optional.empty();

    @Override
    public void accept(Event event) {
        if (event instanceof Event.Serving now) {
            serving = Optional.of(now);
            problem = Optional.empty();
        } else if (event instanceof Event.Unchanged) {
            problem = Optional.empty();
        } else if (event instanceof Event.Failed failed) {
            problem = Optional.of(failed.problem());
        } else if (event instanceof Event.Tested tested) {
            tests = Optional.of(TestsText.of(tested));
        } else if (event instanceof Event.NotTested not) {
            tests = Optional.of(TestsText.of(not));
        }
    }

    public Optional<Event.Serving> serving() {
        return serving;
    }

    /** Returns the last result of tests, in words. */
    public Optional<String> tests() {
        return tests;
    }

    /** Returns why the newest build does not serve; empty while it does. */
    public Optional<Problem> problem() {
        return problem;
    }
}
