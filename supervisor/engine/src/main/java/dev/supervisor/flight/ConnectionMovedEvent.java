package dev.supervisor.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A connection has moved to another backend. Off by default, since each swap may move thousands. */
@Name("dev.supervisor.ConnectionMoved")
@Label("Connection Moved")
@Category("Supervisor")
@Description("An established connection has moved from one generation to the next")
@StackTrace(false)
@Enabled(false)
final class ConnectionMovedEvent extends Event {

    @Label("Socket")
    @Nullable
    String socket;

    @Label("How")
    @Description("moved_idle, moved_after_response or handed_off")
    @Nullable
    String how;
}
