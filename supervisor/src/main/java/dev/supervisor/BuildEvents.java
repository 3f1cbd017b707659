package dev.supervisor;

import dev.supervisor.build.Builder;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Says how builds go. Belongs to the thread that builds. */
final class BuildEvents implements Builder.Observer {

    /** Somebody who saves does not do so as often, but a build that writes into its own sources does. */
    private static final int TIMES = 5;

    private final String command;
    private final Consumer<Event> events;
    private int outdated;
    private boolean unsettled;
    private boolean unsettledBefore;

    BuildEvents(String command, Consumer<Event> events) {
        this.command = command;
        this.events = events;
    }

    /** Told once, and not again before they have settled. */
    @Override
    public void unsettled(Path source) {
        unsettled = true;
        if (!unsettledBefore) {
            events.accept(new Event.Unsettled(source));
        }
    }

    @Override
    public void began() {
        unsettledBefore = unsettled;
        unsettled = false;
        events.accept(new Event.Building(command));
    }

    @Override
    public void said(String line) {
        events.accept(new Event.BuildOutput(line));
    }

    @Override
    public void ended(Builder.Outcome outcome) {
        if (outcome instanceof Builder.Built built) {
            events.accept(new Event.Built(built.took()));
        }
        if (outcome instanceof Builder.Outdated again) {
            outdated++;
            if (outdated == TIMES) {
                events.accept(new Event.Restless(outdated, again.source()));
            }
        } else {
            outdated = 0;
        }
    }
}
