package dev.supervisor.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A swap, with its phases; a phase that it does not have took no time. */
@Name("dev.supervisor.Swap")
@Label("Swap")
@Category("Supervisor")
@Description("A swap of the application, from the moment that the change was seen to its outcome")
@StackTrace(false)
final class SwapEvent extends Event {

    @Label("Number")
    int number;

    @Label("Result")
    @Description("served, failed, unchanged or outdated")
    @Nullable
    String result;

    @Label("Trigger")
    @Description("first, changed, asked, rollback or retry")
    @Nullable
    String trigger;

    @Label("Generation")
    @Description("The generation that was made; 0 if none was")
    int generation;

    @Label("Application")
    @Description("The name of the application")
    @Nullable
    String application;

    @Label("Build")
    @Timespan
    long build;

    @Label("Snapshot")
    @Timespan
    long snapshot;

    @Label("Load")
    @Timespan
    long load;

    /** Not {@code startTime}, a field that each event has by itself. */
    @Label("Start")
    @Timespan
    long start;

    @Label("Check")
    @Timespan
    long check;

    @Label("Warm Up")
    @Timespan
    long warmUp;

    @Label("Held Connections")
    int held;

    @Label("Longest Held")
    @Timespan
    long longestHeld;
}
