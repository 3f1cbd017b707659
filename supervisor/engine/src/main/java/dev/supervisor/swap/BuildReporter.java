package dev.supervisor.swap;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.Event;
import dev.supervisor.SupervisorOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Reports the course of builds as events. Belongs to the thread that builds. */
public final class BuildReporter implements ApplicationBuilder.Observer {

    private final Optional<SupervisorOptions.BuildTool> tool;
    private final Consumer<Event> events;
    private boolean unsettled;
    private boolean unsettledBefore;

    /** @param tool that the supervisor runs; empty for a builder of the embedder */
    public BuildReporter(Optional<SupervisorOptions.BuildTool> tool, Consumer<Event> events) {
        this.tool = tool;
        this.events = events;
    }

    /** Reports sources that do not settle once, and not again before they have settled. */
    @Override
    public void unsettled(Path source) {
        unsettled = true;
        if (!unsettledBefore) {
            events.accept(new Event.Unsettled(
                    source, tool.filter(named -> named.watchesByName(source)).isPresent()));
        }
    }

    @Override
    public void began() {
        unsettledBefore = unsettled;
        unsettled = false;
        events.accept(new Event.Building(
                tool.map(SupervisorOptions.BuildTool::command).orElse("")));
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
