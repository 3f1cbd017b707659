package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.SupervisorOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Notices that each build is outdated as soon as it is there: it writes into its own sources, or the application does when
 * it starts. Belongs to the thread that makes the builds.
 */
public final class RebuildLoopDetector {

    /** Developers do not save that often in a row. */
    private static final int TIMES = 5;

    private final Predicate<Path> watchedByName;
    private final Consumer<Event> events;
    private Path changed = Path.of("");
    private int outdated;

    /** @param watchedByName whether a source is watched itself, and not only within a watched directory */
    RebuildLoopDetector(Predicate<Path> watchedByName, Consumer<Event> events) {
        this.watchedByName = watchedByName;
        this.events = events;
    }

    /** Returns one for the sources of a build tool; it notices nothing where there is none. */
    public static RebuildLoopDetector of(Optional<SupervisorOptions.BuildTool> tool, Consumer<Event> events) {
        return tool.map(named -> new RebuildLoopDetector(named::watchesByName, events))
                .orElseGet(() -> new RebuildLoopDetector(path -> false, event -> {}));
    }

    public void changed(Path source) {
        changed = source;
    }

    /** @param isOutdated whether a source has changed since the sources of this build had settled */
    public void ended(boolean isOutdated) {
        outdated = isOutdated ? outdated + 1 : 0;
        if (outdated == TIMES) {
            events.accept(new Event.Restless(outdated, changed, watchedByName.test(changed)));
        }
    }
}
