package dev.supervisor.process;

import java.util.Set;

/**
 * The variables of the environment by which a service manager speaks to this process, and to no other. A child that
 * inherited them could take descriptors of the supervisor for its own, or report itself ready in the supervisor's name.
 */
public final class ServiceVariables {

    static final Set<String> NAMES = Set.of(
            "LISTEN_FDS",
            "LISTEN_FDS_FIRST_FD",
            "LISTEN_PID",
            "LISTEN_PIDFDID",
            "LISTEN_FDNAMES",
            "NOTIFY_SOCKET",
            "WATCHDOG_USEC",
            "WATCHDOG_PID",
            "FDSTORE",
            "SUPERVISOR_TAKEOVER");

    private static final Set<String> OF_SUCCESSOR = Set.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "FDSTORE");

    private ServiceVariables() {}

    public static boolean isOne(String name) {
        return NAMES.contains(name);
    }

    /** Returns whether a variable holds for the process that takes over from this one, too. */
    public static boolean isOfSuccessor(String name) {
        return OF_SUCCESSOR.contains(name);
    }

    /** Returns whether a variable is about the sockets that the service manager passes. */
    public static boolean isAboutSockets(String name) {
        return isOne(name) && name.startsWith("LISTEN_");
    }
}
