package dev.supervisor.swap;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.Event;
import dev.supervisor.SupervisorOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Reports the course of builds as events. Belongs to the thread that builds, but for what it tells of tests. */
public final class BuildReporter implements ApplicationBuilder.Observer {

    private final String name;
    private final Predicate<Path> watchesByName;
    private final Consumer<Event> events;
    private boolean unsettled;
    private boolean unsettledBefore;

    private BuildReporter(String name, Predicate<Path> watchesByName, Consumer<Event> events) {
        this.name = name;
        this.watchesByName = watchesByName;
        this.events = events;
    }

    /** Returns one for a build tool that the supervisor runs. */
    public static BuildReporter of(SupervisorOptions.BuildTool tool, Consumer<Event> events) {
        return new BuildReporter(tool.command(), tool::watchesByName, events);
    }

    /** Returns one for a builder of the embedder. */
    public static BuildReporter ofOwn(Optional<SupervisorOptions.Sources> sources, Consumer<Event> events) {
        return new BuildReporter(sources.map(SupervisorOptions.Sources::name).orElse(""), path -> false, events);
    }

    /** Reports sources that do not settle once, and not again before they have settled. */
    @Override
    public void unsettled(Path source) {
        unsettled = true;
        if (!unsettledBefore) {
            events.accept(new Event.Unsettled(source, watchesByName.test(source)));
        }
    }

    @Override
    public void began() {
        unsettledBefore = unsettled;
        unsettled = false;
        events.accept(new Event.Building(name));
    }

    @Override
    public void said(String line) {
        events.accept(new Event.BuildOutput(line));
    }

    @Override
    public void tested(Event event) {
        events.accept(event);
    }

    @Override
    public void ended(ApplicationBuilder.Outcome outcome) {
        if (outcome instanceof ApplicationBuilder.Built built) {
            events.accept(new Event.Built(built.took(), built.warnings()));
        }
    }
}
