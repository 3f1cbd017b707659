package dev.supervisor.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A generation is live, or has ended. */
@Name("dev.supervisor.Generation")
@Label("Generation")
@Category("Supervisor")
@Description("A generation of the application has begun to serve, or has ended")
@StackTrace(false)
final class GenerationEvent extends Event {

    @Label("Number")
    int number;

    @Label("State")
    @Description("live or ended")
    @Nullable
    String state;

    @Label("Application")
    @Description("The name of the application")
    @Nullable
    String application;

    @Label("Load")
    @Description("From the begin of the snapshot until its classes could be loaded")
    @Timespan
    long load;

    /** Not {@code startTime}, a field that each event has by itself. */
    @Label("Start")
    @Timespan
    long start;

    @Label("Drain")
    @Description("How long one that has ended was drained")
    @Timespan
    long drain;

    @Label("Connections")
    @Description("How many were open when another one took over from one that has ended")
    long connections;
}
