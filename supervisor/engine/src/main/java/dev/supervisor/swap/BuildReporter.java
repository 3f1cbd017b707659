package dev.supervisor.swap;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.Event;
import dev.supervisor.SupervisorOptions;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Says how builds go. Belongs to the thread that builds. */
public final class BuildReporter implements ApplicationBuilder.Observer {

    private final SupervisorOptions.BuildTool tool;
    private final Consumer<Event> events;
    private boolean unsettled;
    private boolean unsettledBefore;

    public BuildReporter(SupervisorOptions.BuildTool tool, Consumer<Event> events) {
        this.tool = tool;
        this.events = events;
    }

    /** Told once, and not again before they have settled. */
    @Override
    public void unsettled(Path source) {
        unsettled = true;
        if (!unsettledBefore) {
            events.accept(new Event.Unsettled(source, tool.watchesByName(source)));
        }
    }

    @Override
    public void began() {
        unsettledBefore = unsettled;
        unsettled = false;
        events.accept(new Event.Building(tool.command()));
    }

    @Override
    public void said(String line) {
        events.accept(new Event.BuildOutput(line));
    }

    @Override
    public void ended(ApplicationBuilder.Outcome outcome) {
        if (outcome instanceof ApplicationBuilder.Built built) {
            events.accept(new Event.Built(built.took()));
        }
    }
}
