package dev.supervisor.process;

import dev.supervisor.inspect.InternalField;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hides the {@linkplain ServiceVariables variables of service managers} from all that this JVM starts. */
public final class ServiceEnvironment {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceEnvironment.class);

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
                    .ifPresent(environment -> ((Map<?, ?>) environment)
                            .keySet()
                            .removeIf(name -> ServiceVariables.isOne(String.valueOf(name))));
        }
        if (isVisible()) {
            LOG.warn(
                    "processes that the supervisor starts inherit some of {}: this JDK does not let go of them",
                    ServiceVariables.NAMES);
        }
        return before;
    }

    private static boolean isVisible() {
        return ServiceVariables.NAMES.stream().anyMatch(name -> System.getenv(name) != null);
    }
}
