package dev.supervisor.process;

import dev.supervisor.inspect.InternalField;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The variables of the environment by which a service manager speaks to this process, and to no other. A child that
 * inherited them could take descriptors of the supervisor for its own, or report itself ready in the supervisor's name.
 */
public final class ServiceEnvironment {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceEnvironment.class);

    private static final Set<String> NAMES = Set.of(
            "LISTEN_FDS",
            "LISTEN_FDS_FIRST_FD",
            "LISTEN_PID",
            "LISTEN_PIDFDID",
            "LISTEN_FDNAMES",
            "NOTIFY_SOCKET",
            "WATCHDOG_USEC",
            "WATCHDOG_PID",
            "FDSTORE");

    private ServiceEnvironment() {}

    /**
     * Removes these variables from the environment of this JVM, and returns the environment as it was. Neither {@link
     * System#getenv()} nor a process that the supervisor or an application starts has them any more. Called before any
     * other thread runs.
     */
    public static Map<String, String> hide() {
        Map<String, String> before = Map.copyOf(System.getenv());
        if (isVisible()) {
            InternalField.field("java.lang.ProcessEnvironment", "theEnvironment")
                    .map(InternalField::get)
                    .ifPresent(environment ->
                            ((Map<?, ?>) environment).keySet().removeIf(name -> NAMES.contains(String.valueOf(name))));
        }
        if (isVisible()) {
            LOG.warn(
                    "processes that the supervisor starts inherit some of {}: this JDK does not let go of them", NAMES);
        }
        return before;
    }

    private static boolean isVisible() {
        return NAMES.stream().anyMatch(name -> System.getenv(name) != null);
    }
}
