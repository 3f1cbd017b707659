package dev.supervisor.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A connection has waited at a gate; written when its wait ends, since many wait at a time. */
@Name("dev.supervisor.Held")
@Label("Held")
@Category("Supervisor")
@Description("A connection has waited for a build")
@StackTrace(false)
final class HeldEvent extends Event {

    @Label("Socket")
    @Nullable
    String socket;

    @Label("Waited")
    @Timespan
    long waited;

    @Label("Expired")
    @Description("Whether it has waited for longer than the hold timeout")
    boolean expired;
}
