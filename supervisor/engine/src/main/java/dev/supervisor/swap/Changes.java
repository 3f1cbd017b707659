package dev.supervisor.swap;

import dev.supervisor.Event;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The changes that the builder is told of, and those that are only noted in a pause. Belongs to the thread of the
 * {@link SwapLoop}.
 */
final class Changes {

    private final GenerationFactory factory;
    private final RebuildLoopDetector loopDetector;
    private final Consumer<Event> events;

    /** What has changed in a pause; the builder is told after it, so that it leaves a running build alone. */
    private final Set<Path> noted = new LinkedHashSet<>();

    /** A change that is not reported yet. */
    private Optional<Event> news = Optional.empty();

    Changes(GenerationFactory factory, RebuildLoopDetector loopDetector, Consumer<Event> events) {
        this.factory = factory;
        this.loopDetector = loopDetector;
        this.events = events;
    }

    /** Tells the builder of a change; called before the change is counted, since a build that is outdated by it must find it. */
    void begin(Path path) {
        factory.changed(path);
        loopDetector.changed(path);
    }

    /** Ends a build that is running, as a change would. */
    void endBuild(Path app) {
        factory.changed(app);
    }

    /** Notes a change, and reports the first one. */
    void note(Path path) {
        if (noted.isEmpty()) {
            events.accept(new Event.Noted(path));
        }
        noted.add(path);
    }

    /** Tells the builder of all changes that were noted. */
    void beginNoted() {
        noted.forEach(factory::changed);
        noted.clear();
    }

    /** Says what has come: it is reported by {@link #report}, in place of what is not reported yet. */
    void come(Event event) {
        news = Optional.of(event);
    }

    /** Reports what has come: when new work does wait, and before a build reports that it has begun. */
    void report() {
        Optional<Event> told = news;
        news = Optional.empty();
        told.ifPresent(events);
    }

    /** A turn has ended. */
    void ended(boolean isOutdated) {
        loopDetector.ended(isOutdated);
    }
}
