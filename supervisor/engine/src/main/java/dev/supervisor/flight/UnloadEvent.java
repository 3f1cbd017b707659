package dev.supervisor.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The classes of a generation have been collected. */
@Name("dev.supervisor.Unload")
@Label("Unload")
@Category("Supervisor")
@Description("The classes of an ended generation have been collected")
@StackTrace(false)
final class UnloadEvent extends Event {

    @Label("Generation")
    int generation;

    @Label("Application")
    @Description("The name of the application")
    @Nullable
    String application;

    @Label("After")
    @Description("The time since the end of the generation")
    @Timespan
    long after;
}
